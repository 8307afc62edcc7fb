/** The county's totals in large figures, each with its trend over the last day and what the last hours added. */

import { el, say } from "../map/dom.js";
import { number, signed } from "../map/format.js";
import { SHORT } from "../map/words.js";
import { Spark } from "./spark.js";

/** The hours whose growth is told. */
const LATELY_MS = 2 * 3_600_000;

export class Figures {
  #cells = new Map();
  #trend = [];

  /** @param {HTMLElement} element @param {{indicator: (key: string) => {unit: string}, t: (zh: string, params?: object) => string}} given */
  constructor(element, { indicator, t }) {
    this.t = t;
    for (const [key, zh] of Object.entries(SHORT)) {
      const value = el("b", { "data-key": key }, "0");
      const more = el("span.more");
      const spark = new Spark();
      element.append(el("div", {}, el("dt", {}, t(zh), " ", el("small", {}, indicator(key).unit)), el("dd", {}, value, more), spark.element));
      this.#cells.set(key, { value, more, spark });
    }
  }

  /** Remember the last day. @param {{at: string, figures: Record<string, number>}[]} trend */
  remember(trend) {
    this.#trend = trend.map(({ at, figures }) => ({ at: Date.parse(at), figures }));
  }

  /** Show the sums of now. @param {import("../map/totals.js").Totals} totals @param {number} now ms */
  show(totals, now) {
    const trend = this.#trend.filter(({ at }) => at < now);
    for (const [key, { value, more, spark }] of this.#cells) {
      const sum = totals.sum(key);
      say(value, number(sum));
      value.dataset.value = String(sum);
      const past = trend.map(({ at, figures }) => ({ at, value: Number(figures[key] ?? 0) }));
      spark.show([...past, { at: now, value: sum }]);
      const then = past.findLast(({ at }) => at <= now - LATELY_MS);
      const delta = then ? sum - then.value : 0;
      say(more, delta ? this.t("2小时{delta}", { delta: signed(delta) }) : "");
    }
  }
}
