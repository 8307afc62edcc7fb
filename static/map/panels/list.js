/**
 * The live list beside the map: newest first, only the rows in sight are in the page.
 *
 * A reader who scrolled down keeps their place; a button says how many came in above.
 * Keyboard: Tab reaches one row, arrows, Home and End move, Enter opens.
 */

import { el, say } from "../dom.js";
import { longTime, number, shortTime } from "../format.js";
import { Order } from "../order.js";
import { gradeOf } from "../severity.js";
import { KINDS, SHORT, STATES } from "../words.js";

const ROW = 76;
const BEYOND = 4;
/** Figures worth a word in a row. */
const GRAVEST_FIRST = ["dead", "missing", "relocated", "houses_collapsed_rooms", "houses_severe_rooms", "affected", "crops_affected", "loss_total"];
const TOLD_AT_MOST = 3;
const JUST_NOW_MS = 4_000;

export class List {
  #order = new Order();
  #rows = new Map();
  #born = new Map();
  #active = null;
  #chosen = null;
  #unread = 0;

  /**
   * @param {HTMLElement} element
   * @param {object} given
   * @param {import("../places.js").Places} given.places
   * @param {(key: string) => {name: string, unit: string}} given.indicator
   * @param {(key: string) => string} given.hazard
   * @param {(id: string) => void} given.open
   * @param {(zh: string) => string} given.t
   */
  constructor(element, given) {
    Object.assign(this, given);
    const { t } = given;
    this.count = el("span.count");
    this.more = el("button.more", { type: "button", hidden: true, onclick: () => this.#toTop() });
    this.inner = el("ol", { "aria-label": t("灾情报告,新的在前") });
    this.empty = el("p.empty", {}, t("还没有报告"));
    this.scroller = el("div.rows", { onscroll: () => this.#draw(), onkeydown: (event) => this.#key(event) }, this.inner, this.empty);
    element.append(el("header", {}, el("h2", {}, t("报告")), this.count), this.more, this.scroller);
    new ResizeObserver(() => this.#draw()).observe(this.scroller);
  }

  /** Show other reports. @param {any[]} reports those that match */
  reset(reports) {
    this.#order.reset(reports);
    this.#unread = 0;
    this.#draw({ anew: true });
  }

  /**
   * Follow changes. @param {import("../store.js").Move[]} moves of reports
   * @param {(report: any) => boolean} matches @param {{announce: boolean}} how
   */
  paint(moves, matches, { announce }) {
    const above = this.#order.apply(moves, matches);
    for (const { before, after } of moves) {
      this.#rows.get((after ?? before).id)?.remove();
      this.#rows.delete((after ?? before).id);
      if (announce && after && !before) this.#born.set(after.id, performance.now());
    }
    if (above && this.scroller.scrollTop > ROW / 2) {
      this.scroller.scrollTop += above * ROW;
      this.#unread += above;
    }
    this.#draw();
  }

  /** Mark the chosen report. @param {string | null} id */
  choose(id) {
    this.#chosen = id;
    for (const [key, row] of this.#rows) row.classList.toggle("chosen", key === id);
  }

  /** Give the keyboard back to a row, if it is in sight. @param {string} id */
  focus(id) {
    (this.#rows.get(id) ?? this.inner.firstElementChild)?.firstElementChild?.focus();
  }

  #toTop() {
    this.scroller.scrollTop = 0;
    this.#draw();
  }

  #draw({ anew = false } = {}) {
    const { rows } = this.#order;
    const top = this.scroller.scrollTop;
    const from = Math.max(0, Math.floor(top / ROW) - BEYOND);
    const to = Math.min(rows.length, Math.ceil((top + this.scroller.clientHeight) / ROW) + BEYOND);
    this.inner.style.height = `${rows.length * ROW}px`;
    const wanted = new Set(rows.slice(from, to).map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (anew || !wanted.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    }
    for (let at = from; at < to; at += 1) this.#place(rows[at], at, rows.length);
    if (top <= ROW / 2) this.#unread = 0;
    this.more.hidden = this.#unread === 0;
    if (this.#unread) say(this.more, `↑ ${number(this.#unread)} ${this.t("条新报告")}`);
    say(this.count, number(rows.length));
    this.empty.hidden = rows.length > 0;
  }

  #place(report, at, total) {
    let row = this.#rows.get(report.id);
    if (!row) {
      row = this.#row(report);
      this.#rows.set(report.id, row);
      this.inner.append(row);
    }
    row.style.transform = `translateY(${at * ROW}px)`;
    row.setAttribute("aria-posinset", at + 1);
    row.setAttribute("aria-setsize", total);
    row.firstElementChild.tabIndex = (this.#active ?? this.#order.rows[0].id) === report.id ? 0 : -1;
  }

  #row(report) {
    const { t } = this;
    const born = this.#born.get(report.id);
    this.#born.delete(report.id);
    const old = Boolean(report.superseded_by);
    const tags = [
      el(`span.tag.state-${report.state}`, {}, t(STATES[report.state] ?? report.state)),
      old && el("span.tag.old", {}, t("已被更新")),
      report.crosses && el("span.tag.crossed", { title: t("填报时不知道另一版本,两版都保留") }, t("两版交叉")),
    ];
    const button = el("button", { type: "button", tabindex: "-1", onclick: () => this.open(report.id), onfocus: () => { this.#active = report.id; } },
      el("span.line", {}, el(`i.dot.grade-${gradeOf(report)}`), el("b", {}, this.places.fullName(report.area)),
        el("time", { datetime: report.received_at, title: longTime(report.received_at) }, shortTime(report.received_at))),
      el("span.line.what", {}, el("span", {}, `${this.hazard(report.hazard)} · ${t(KINDS[report.kind] ?? report.kind)}`), ...tags),
      el("span.line.told", {}, this.told(report)));
    const row = el("li", { "data-report": report.id }, button);
    row.classList.toggle("superseded", old);
    row.classList.toggle("chosen", report.id === this.#chosen);
    row.classList.toggle("born", born !== undefined && performance.now() - born < JUST_NOW_MS);
    return row;
  }

  /** The gravest figures of a report in words. @param {any} report @returns {string} */
  told(report) {
    const some = GRAVEST_FIRST.filter((key) => Number(report.figures[key]) > 0).slice(0, TOLD_AT_MOST);
    if (!some.length) return report.kind === "zero" ? this.t("无变化") : report.text || this.t("无损失数字");
    return some.map((key) => {
      return `${this.t(SHORT[key])} ${number(report.figures[key])} ${this.indicator(key).unit}`;
    }).join(" · ");
  }

  #key(event) {
    const { rows } = this.#order;
    const here = rows.findIndex(({ id }) => id === this.#active);
    const there = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (there === undefined || !rows[there]) return;
    event.preventDefault();
    this.#active = rows[there].id;
    const top = there * ROW;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW - clientHeight;
    this.#draw();
    this.#rows.get(this.#active)?.firstElementChild.focus();
  }
}
