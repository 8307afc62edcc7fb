/**
 * The connection light: says what is true, never green when the line is silent.
 *
 * Green needs both: the feed is live, and the server was heard within {@link STALE_MS}.
 */

import { clockTime, duration } from "../format.js";
import { say } from "../dom.js";

/** Silence after which the line counts as stale, in ms: two questions of Feed.beat unanswered. */
export const STALE_MS = 20_000;

/**
 * What the light shows. Pure.
 * @param {{phase: string, lostAt: number | null, heard: number}} feed times in ms
 * @param {number} now ms
 * @returns {{state: "live" | "connecting" | "down", since: number | null}} `since`: how long what is shown may be old
 */
export function lightOf({ phase, lostAt, heard }, now) {
  const lineless = phase === "down" || phase === "connecting";
  if (lineless && lostAt !== null) return { state: "down", since: lostAt };
  if (heard && now - heard > STALE_MS) return { state: "down", since: heard };
  return { state: phase === "live" ? "live" : "connecting", since: null };
}

export class Light {
  #element;
  #text;
  #feed;
  #t;

  /** @param {HTMLElement} element @param {import("../feed.js").Feed} feed @param {(zh: string) => string} t */
  constructor(element, feed, t) {
    this.#element = element;
    this.#text = element.querySelector("[data-role=text]");
    this.#feed = feed;
    this.#t = t;
    setInterval(() => this.show(), 1_000);
    this.show();
  }

  /** Show the present state. */
  show() {
    const now = Date.now();
    const { state, since } = lightOf(this.#feed, now);
    this.#element.dataset.state = state;
    document.documentElement.dataset.light = state;
    say(this.#text, this.#words(state, since, now));
    this.#element.title = this.#feed.heard
      ? `${this.#t("最后收到服务器消息")} ${clockTime(this.#feed.heard)}`
      : this.#t("尚未收到服务器消息");
  }

  #words(state, since, now) {
    const t = this.#t;
    if (state === "live") return t("实时");
    if (state === "down" && this.#feed.phase === "connecting") return `${t("已断开,自")} ${clockTime(since)} · ${t("正在重连…")}`;
    if (state === "down") return `${t("已断开,自")} ${clockTime(since)} · ${duration(now - since, t)}`;
    return this.#feed.phase === "catching" ? t("正在补收…") : this.#feed.phase === "loading" ? t("正在载入…") : t("正在连接…");
  }
}
