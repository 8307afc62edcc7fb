/** The five choices that narrow the view; kept in the address, so that a view can be passed on. */

import { FIELDS, NO_EVENT, fromHash, narrowed, toHash } from "../filter.js";
import { el, say } from "../dom.js";
import { KINDS, STATES } from "../words.js";

const ALL = { event: "全部过程", township: "全部乡镇", hazard: "全部灾种", kind: "全部种类", state: "全部状态" };
const LABELS = { event: "灾害过程", township: "乡镇", hazard: "灾种", kind: "报告种类", state: "状态" };

export class Filters {
  /** @type {import("../filter.js").Filter} */
  value = fromHash(location.hash);
  #selects = {};
  #options = {};
  #badge;
  #t;
  #change;

  /**
   * @param {HTMLElement} element
   * @param {{townships: {code: string, name: string}[], hazards: {key: string, name: string}[]}} known
   * @param {(filter: import("../filter.js").Filter) => void} change
   * @param {(zh: string) => string} t
   */
  constructor(element, { townships, hazards }, change, t) {
    this.#t = t;
    this.#change = change;
    const options = {
      event: [[NO_EVENT, t("未归入过程")]],
      township: townships.map(({ code, name }) => [code, name]),
      hazard: hazards.map(({ key, name }) => [key, name]),
      kind: Object.entries(KINDS).map(([key, zh]) => [key, t(zh)]),
      state: Object.entries(STATES).map(([key, zh]) => [key, t(zh)]),
    };
    this.#badge = el("summary", {}, t("筛选"));
    const body = el("div.filter-fields");
    for (const field of FIELDS) {
      const select = el("select", { name: field, "aria-label": t(LABELS[field]), onchange: () => this.#set(field, select.value) });
      this.#selects[field] = select;
      this.#fill(field, options[field]);
      body.append(el("label", {}, el("span", {}, t(LABELS[field])), select));
    }
    body.append(el("button.clear", { type: "button", onclick: () => this.#take(fromHash("")) }, t("全部显示")));
    const box = el("details.filters", { open: matchMedia("(min-width: 900px)").matches }, this.#badge, body);
    element.append(box);
    addEventListener("hashchange", () => this.#take(fromHash(location.hash)));
    this.#mark();
  }

  /** Offer the events the store knows. @param {{id: string, name: string, started_at: string}[]} events */
  offer(events) {
    const newest = [...events].sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
    this.#fill("event", [...newest.map(({ id, name }) => [id, name]), [NO_EVENT, this.#t("未归入过程")]]);
  }

  /** Take a filter from elsewhere: a view that was kept. @param {import("../filter.js").Filter} filter */
  apply(filter) {
    this.#take({ ...fromHash(""), ...filter });
  }

  #fill(field, options) {
    this.#options[field] = options;
    const select = this.#selects[field];
    const chosen = this.value[field];
    // A choice from the address stays choosable while its name is not known yet.
    const missing = chosen && !options.some(([value]) => value === chosen) ? [[chosen, "…"]] : [];
    select.replaceChildren(
      ...[["", this.#t(ALL[field])], ...options, ...missing].map(([value, name]) => el("option", { value }, name)),
    );
    select.value = chosen;
  }

  #set(field, value) {
    this.#take({ ...this.value, [field]: value });
  }

  #take(filter) {
    if (toHash(filter) === toHash(this.value)) return;
    this.value = filter;
    for (const field of FIELDS) this.#fill(field, this.#options[field]);
    history.replaceState(null, "", toHash(filter) || location.pathname + location.search);
    this.#mark();
    this.#change(filter);
  }

  #mark() {
    const count = narrowed(this.value);
    say(this.#badge, count ? `${this.#t("筛选")} · ${count}` : this.#t("筛选"));
    for (const field of FIELDS) this.#selects[field].classList.toggle("set", Boolean(this.value[field]));
  }
}
