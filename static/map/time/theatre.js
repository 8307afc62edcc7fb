/**
 * The theatre: the past, over the live map and never to be taken for it. The live map goes on beneath.
 *
 * A broad banner says what is shown; one button leads back to the present, and so does Escape.
 */

import { el, say } from "../dom.js";
import { DUTY, holds } from "../rights.js";
import { Compare, Replay, Since } from "./modes.js";
import { msOf } from "./tape.js";

const MODES = { replay: ["回放", Replay], compare: ["两个时刻对比", Compare], since: ["上次专报以来", Since] };

export class Theatre {
  #mode = null;
  #asked = 0;

  /** @param {object} context of the tools (tools/index.js) @param {() => void} leave */
  constructor(context, leave) {
    const { t, store, me } = context;
    this.context = context;
    this.moment = el("strong.moment", { role: "status" });
    // What goes on first, then what is over, each the newest first.
    const events = store.all("event").sort((a, b) => Number(b.state === "open") - Number(a.state === "open") || (a.started_at < b.started_at ? 1 : -1));
    this.events = el("select", { "aria-label": t("灾害过程"), onchange: () => this.show(this.mode) }, ...events.map(({ id, name }) => el("option", { value: id }, name)));
    const allowed = Object.entries(MODES).filter(([name]) => name !== "since" || holds(me, DUTY));
    this.tabs = allowed.map(([name, [zh]]) => el("button", { type: "button", "data-mode": name, "aria-pressed": "false", onclick: () => this.show(name) }, t(zh)));
    this.body = el("div.theatre-body");
    this.element = el("section.theatre", { "aria-label": t("历史回放"), onkeydown: (event) => event.key === "Escape" && leave() },
      el("header.past", { role: "banner" }, el("b.past-word", {}, t("历史回放")), this.moment, this.events, el("div.modes", {}, ...this.tabs),
        el("button.to-now", { type: "button", onclick: leave }, t("回到实时"))),
      this.body);
    // The live map goes on beneath, out of reach.
    this.beneath = [...document.body.children].filter(({ inert }) => !inert);
    for (const element of this.beneath) element.inert = true;
    document.body.append(this.element);
    document.documentElement.dataset.past = "yes";
    if (events.length) this.show("replay");
    else say(this.moment, t("还没有灾害过程"));
    this.element.querySelector(".to-now").focus();
  }

  /** Show in one of the ways. @param {string} name */
  async show(name) {
    const asked = ++this.#asked;
    const { t, http, told, places, layers, catalogue, me } = this.context;
    this.mode = name;
    this.#mode?.close();
    this.#mode = null;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.mode === name));
    const home = { stages: el("div.stages"), side: el("aside.past-side"), foot: el("footer.past-foot") };
    this.body.replaceChildren(...Object.values(home));
    say(this.moment, t("正在载入…"));
    try {
      const event = this.events.value;
      const line = await http.get(`/api/replay/${event}`);
      if (asked !== this.#asked) return;
      const mode = new MODES[name][1](home, {
        t, told, me, places, layers, event, line, get: http.get, until: msOf(line.until), indicator: (key) => catalogue.indicator(key), setMoment: (text) => say(this.moment, text),
      });
      this.#mode = mode;
      await mode.open();
      if (asked === this.#asked) this.element.dataset.ready = name;
    } catch (error) {
      if (asked === this.#asked) say(this.moment, told(error));
    }
  }

  /** Back to the present. */
  close() {
    this.#asked += 1;
    this.#mode?.close();
    this.element.remove();
    for (const element of this.beneath) element.inert = false;
    delete document.documentElement.dataset.past;
  }
}
