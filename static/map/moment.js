/**
 * The moment whose hazard zones the map shows: now, or another, said in large letters.
 *
 * A past moment shows what was known and in force then; one to come, what holds then as known now.
 * Reports and totals stay live.
 */

import { el } from "./dom.js";
import { longTime } from "./format.js";

export class Moment {
  /** @type {string | null} ISO time with its offset; null: now */
  value = null;

  #hazards;
  #get;
  #told;
  #t;
  #banner;
  #text = el("span", {});
  #asked = 0;
  #listeners = new Set();

  /**
   * @param {object} given
   * @param {import("./layers/hazards.js").HazardLayer} given.hazards
   * @param {(path: string) => Promise<any>} given.get
   * @param {(error: any) => string} given.told
   * @param {(zh: string, params?: object) => string} given.t
   * @param {HTMLElement} given.area  what the banner lies over
   */
  constructor({ hazards, get, told, t, area }) {
    this.#hazards = hazards;
    this.#get = get;
    this.#told = told;
    this.#t = t;
    this.#banner = el("p.not-now", { role: "status", hidden: true }, this.#text,
      el("button", { type: "button", onclick: () => this.show(null) }, t("回到现在")));
    area.append(this.#banner);
  }

  /** Hear of every other moment. @param {() => void} listener @returns {() => void} stop */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Show the zones of a moment. @param {string | null} value ISO time; null: now */
  async show(value) {
    const ask = ++this.#asked;
    this.value = value;
    this.#banner.hidden = value === null;
    document.documentElement.dataset.moment = value ?? "now";
    for (const listener of this.#listeners) listener();
    if (value === null) return this.#hazards.showThen(null);
    const time = { time: longTime(value).slice(0, 16) };
    this.#text.textContent = this.#t("不是现在:正在载入 {time} 的隐患区…", time);
    try {
      const { features } = await this.#get(`/api/zones?at=${encodeURIComponent(value)}`);
      if (ask !== this.#asked) return undefined;
      this.#text.textContent = this.#t("不是现在:地图上是 {time} 的隐患区,共 {count} 个;报告和数字仍是现在的", { ...time, count: features.length });
      return await this.#hazards.showThen(features);
    } catch (error) {
      if (ask !== this.#asked) return undefined;
      // Better no zones than those of some other moment.
      this.#text.textContent = this.#told(error);
      return this.#hazards.showThen([]);
    }
  }

  /** A zone changed: what holds at the moment shown may be another. @param {import("./store.js").Diff} diff */
  paint({ moves }) {
    if (this.value !== null && moves.some(({ key }) => key.startsWith("zone:"))) this.show(this.value);
  }
}
