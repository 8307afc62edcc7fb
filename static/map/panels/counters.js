/** The county's totals, computed from the standing reports that the filter lets through. */

import { el, say } from "../dom.js";
import { number } from "../format.js";
import { SHORT } from "../words.js";

const RUN_MS = 350;
/** Characters that a cell holds at full size. */
const FITS = 8;

export class Counters {
  #cells = new Map();
  #note;
  #t;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {HTMLElement} element
   * @param {(key: string) => {name: string, unit: string}} indicator  from the catalogue
   * @param {(zh: string) => string} t
   */
  constructor(element, indicator, t) {
    this.#t = t;
    const list = el("dl.counters");
    for (const [key, zh] of Object.entries(SHORT)) {
      const { name, unit } = indicator(key);
      const value = el("span.value", { "data-key": key }, "0");
      list.append(el("div", { title: name }, el("dt", {}, t(zh), " ", el("small", {}, unit)), el("dd", {}, value)));
      this.#cells.set(key, { value, shown: 0, target: 0, from: 0, start: 0 });
    }
    this.#note = el("p.counters-note", { "aria-live": "off" });
    element.append(list, this.#note);
  }

  /** Show new sums. @param {import("../totals.js").Totals} totals @param {{filtered: boolean}} how */
  show(totals, { filtered }) {
    for (const [key, cell] of this.#cells) this.#aim(cell, totals.sum(key));
    const t = this.#t;
    say(this.#note, `${t("有效报告")} ${number(totals.reports)} · ${t("涉及村(社区)")} ${number(totals.villages)}${filtered ? ` · ${t("按筛选统计")}` : ""}`);
    this.#note.dataset.reports = totals.reports;
    this.#note.dataset.villages = totals.villages;
  }

  #aim(cell, target) {
    // The true figure stands in the attribute at once; only its drawing runs.
    cell.value.dataset.value = target;
    if (target === cell.target) return;
    const running = cell.shown !== cell.target;
    Object.assign(cell, { from: cell.shown, target, start: performance.now() });
    if (this.#calm.matches || document.hidden) this.#draw(cell, target);
    else if (!running) requestAnimationFrame(() => this.#run(cell));
  }

  #run(cell) {
    const share = Math.min(1, (performance.now() - cell.start) / RUN_MS);
    if (share === 1) return this.#draw(cell, cell.target);
    const eased = cell.from + (cell.target - cell.from) * (1 - (1 - share) ** 3);
    this.#draw(cell, Number.isInteger(cell.target) ? Math.round(eased) : eased);
    requestAnimationFrame(() => this.#run(cell));
  }

  #draw(cell, value) {
    cell.shown = value;
    const text = number(value);
    say(cell.value, text);
    cell.value.classList.toggle("long", text.length > FITS);
  }
}
