/** The two strips that are always there: countdowns above, warnings in force below, in the law's four colours. */

import { el, say } from "../map/dom.js";
import { Rows, textRow } from "./rows.js";
import { left } from "./time.js";
import { CAUSES } from "./words.js";

const LEVELS = { red: "红色", orange: "橙色", yellow: "黄色", blue: "蓝色" };
const URGENCY = Object.keys(LEVELS);
const SHOWN = 4;

/** What time runs out for. */
export class Countdowns {
  #given = [];

  constructor(element, { t }) {
    this.t = t;
    this.rows = new Rows(element, 3, () => textRow("div.countdown", ["what", "left"], (one) => this.#tell(one)), "");
  }

  /** @param {any[]} countdowns from the facts */
  remember(countdowns) {
    this.#given = countdowns;
  }

  /** @param {number} now ms */
  show(now) {
    this.now = now;
    this.rows.show(this.#given.slice(0, 3));
  }

  #tell(one) {
    const t = this.t;
    if (one.kind === "festival") return { what: t("距除夕({day})", { day: one.on.slice(5) }), left: one.days ? `${one.days} ${t("天")}` : t("今天"), state: "calm" };
    const ms = Date.parse(one.at) - this.now;
    const over = ms < 0;
    const what = one.kind === "upward" ? t("越级同报:{name}", { name: one.name })
      : one.many > 1 ? t("{cause}截止 · {name}等 {count} 处", { cause: t(CAUSES[one.cause]), name: one.name, count: one.many })
        : t("{cause}截止 · {name}", { cause: t(CAUSES[one.cause]), name: one.name });
    return { what, left: over ? t("已过 {time}", { time: left(ms, t) }) : left(ms, t), state: over || one.kind === "upward" ? "urgent" : ms < 3_600_000 ? "soon" : "calm" };
  }
}

/** Alerts in force and hazard zones drawn here, the gravest first. */
export class Warnings {
  constructor(element, { t }) {
    this.t = t;
    this.element = element;
    this.rows = new Rows(element, SHOWN, () => textRow("div.warning", ["level", "what"], ({ level, title }) => ({ level: t(LEVELS[level] ?? level), what: title, state: level })), t("没有生效的预警"));
    this.rest = el("span.rest");
    element.append(this.rest);
  }

  /** @param {import("../map/store.js").Store} store @param {number} now ms */
  show(store, now) {
    const found = inForce(store, now);
    this.element.dataset.count = String(found.length);
    this.rows.show(found.slice(0, SHOWN));
    say(this.rest, found.length > SHOWN ? `+${found.length - SHOWN}` : "");
  }
}

/**
 * What is in force: an alert stands for the zones it made. Pure.
 * @param {import("../map/store.js").Store} store @param {number} now ms
 * @returns {{level: string, title: string}[]}
 */
export function inForce(store, now) {
  const holds = (until) => !until || Date.parse(until) > now;
  const alerts = store.all("alert").filter(({ state, expires }) => state === "active" && holds(expires));
  const theirs = new Set(alerts.flatMap(({ zones }) => zones));
  const zones = store.all("zone").filter(({ id, state, valid_to: until }) => state === "active" && holds(until) && !theirs.has(id));
  return [
    ...alerts.map(({ level, headline, event }) => ({ level, title: headline || event })),
    ...zones.map(({ level, name }) => ({ level, title: name })),
  ].sort((a, b) => URGENCY.indexOf(a.level) - URGENCY.indexOf(b.level));
}
