/** Totals beside the past: of one moment, or of two with the difference. */

import { el, say } from "../dom.js";
import { number, signed } from "../format.js";
import { SHORT } from "../words.js";

export class Sums {
  #rows = new Map();

  /** @param {{indicator: (key: string) => any, t: any, compared: boolean}} given */
  constructor({ indicator, t, compared }) {
    this.compared = compared;
    const head = compared ? ["", t("左"), t("右"), t("差")] : ["", t("合计")];
    const body = el("tbody");
    for (const [key, zh] of Object.entries(SHORT)) {
      const cells = head.slice(1).map(() => el("td", {}, "—"));
      body.append(el("tr", { "data-key": key }, el("th", { scope: "row" }, t(zh), " ", el("small", {}, indicator(key).unit)), ...cells));
      this.#rows.set(key, cells);
    }
    this.note = el("p.soft");
    this.t = t;
    this.element = el("div.sums", {}, el("table", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))), body), this.note);
  }

  /** Show totals as the server gave them; null where they are not known. @param {any} left @param {any} [right] */
  show(left, right) {
    for (const [key, [one, other, difference]] of this.#rows) {
      const value = (totals) => (totals ? Number(totals.figures[key] ?? 0) : null);
      const write = (cell, found) => {
        say(cell, found === null ? "—" : number(found));
        cell.dataset.value = String(found);
      };
      write(one, value(left));
      if (!this.compared) continue;
      write(other, value(right));
      const delta = left && right ? value(right) - value(left) : null;
      say(difference, delta === null ? "—" : signed(delta));
      difference.dataset.value = String(delta);
    }
    if (!this.compared) say(this.note, left ? this.t("有效报告 {reports} 份,涉及 {villages} 个村(社区);与汇总表、专报同一口径", { reports: number(left.reports), villages: number(left.villages) }) : "");
  }
}
