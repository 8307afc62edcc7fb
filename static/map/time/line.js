/** The time line: a slider over an event's time, how many reports came when, and the moments worth looking at. */

import { el, say } from "../dom.js";
import { number, shortTime } from "../format.js";
import { SHORT } from "../words.js";
import { msOf } from "./tape.js";

const STEP_MS = 60_000;
/** What a mark is called, and how it looks. */
const MARKS = {
  crossed: ["数字达到", "crossed"], "zone.drawn": ["划定隐患区", "zone"], "zone.changed": ["调整隐患区", "zone"], "zone.lifted": ["解除隐患区", "over"],
  "alert.received": ["收到预警", "zone"], "road.closed": ["断路", "road"], "road.opened": ["恢复通行", "over"], "shelter.opened": ["启用避难场所", "shelter"],
  "shelter.closed": ["关闭避难场所", "over"], "shelter.filling": ["避难场所将满", "shelter"], "event.opened": ["启动灾害过程", "event"], "event.closed": ["结束灾害过程", "event"],
  "response.started": ["启动应急响应", "event"], "response.ended": ["终止应急响应", "event"], "trip.departed": ["发车", "trip"], "trip.alarmed": ["车辆异常", "trip"],
};

/** Say what happened at a mark. @param {any} jump @param {{indicator: (key: string) => any, places: any, t: any}} given */
export function wordsOf({ what, key, value, area }, { indicator, places, t }) {
  const word = t(MARKS[what][0]);
  if (what === "crossed") return t("{name}达到 {value} {unit}", { name: SHORT[key] ? t(SHORT[key]) : indicator(key).name, value: number(value), unit: indicator(key).unit });
  return `${word} · ${places.fullName(area)}`;
}

export class Line {
  #input;
  #told;

  /**
   * @param {any} line from `GET /api/replay/{event}`
   * @param {object} given t, indicator, places; `go(ms)` when the reader moves it; `label` for its name
   */
  constructor(line, given) {
    const { t, go, label } = given;
    this.since = Date.parse(line.since);
    this.until = msOf(line.until);
    this.t = t;
    this.#input = el("input", { type: "range", min: this.since, max: this.until, step: 1, "aria-label": label, onkeydown: (event) => this.#key(event, go), oninput: () => go(Number(this.#input.value)) });
    this.#told = el("p.line-told", { "aria-live": "polite" });
    const most = Math.max(...line.density, 1);
    const bars = el("div.density", { "aria-hidden": "true" }, ...line.density.map((many) => {
      const bar = el("i");
      bar.style.height = `${Math.ceil((many / most) * 100)}%`;
      return bar;
    }));
    const ticks = el("div.ticks", {}, ...line.jumps.map((jump) => this.#tick(jump, given)));
    this.element = el("div.line", {}, bars, ticks, this.#input,
      el("div.line-ends", {}, el("span", {}, shortTime(this.since)), this.#told, el("span", {}, shortTime(this.until))));
    this.show(this.until);
  }

  /** The slider is as fine as the clock; the arrows go by whole steps. */
  #key(event, go) {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    go(Math.min(Math.max(Number(this.#input.value) + way * this.step, this.since), this.until));
  }

  #tick(jump, given) {
    const words = `${shortTime(jump.at)} ${wordsOf(jump, given)}`;
    const tick = el("button.tick", { type: "button", title: words, "aria-label": words, "data-look": MARKS[jump.what][1], "data-what": jump.what,
      onclick: () => { given.go(msOf(jump.at)); say(this.#told, words); } });
    tick.style.insetInlineStart = `${(100 * (Date.parse(jump.at) - this.since)) / Math.max(this.until - this.since, 1)}%`;
    return tick;
  }

  /** Stand at a moment. @param {number} at ms */
  show(at) {
    this.#input.value = String(at);
    this.#input.setAttribute("aria-valuetext", shortTime(at));
  }

  /** Say what happened there. @param {string} words */
  tell(words) {
    say(this.#told, words);
  }

  /** How far one step goes, in ms: a minute, or a hundredth of what there is. */
  get step() {
    return Math.max(STEP_MS, Math.round((this.until - this.since) / 100 / STEP_MS) * STEP_MS);
  }
}
