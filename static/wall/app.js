/**
 * The wall: the duty room's board on a screen that nobody touches. Joins the feed, the facts and the views.
 *
 * One beat a second drives everything: the clock, the countdowns, the cycle of views, what is asked for and
 * what is forgotten. `window.wall` lets the beat be driven by another clock (a run of days, simulated).
 */

import { Catalogue } from "../map/catalogue.js";
import { get, openLine, t } from "../map/doors.js";
import { by, el, say } from "../map/dom.js";
import { Feed } from "../map/feed.js";
import { longTime } from "../map/format.js";
import { Painter } from "../map/painter.js";
import { Light } from "../map/panels/light.js";
import { Places } from "../map/places.js";
import { BLANK, drawMap } from "../map/scene.js";
import { Store } from "../map/store.js";
import { Totals } from "../map/totals.js";
import { use } from "../shared/i18n.js";
import { Release, stayAwake, waitForSignIn } from "./alive.js";
import { Beside, Duty, Relief, Reports } from "./boards.js";
import { Cycle } from "./cycle.js";
import { isDone } from "./done.js";
import EN from "./en.js";
import { Figures } from "./figures.js";
import { mapScale, paintDark } from "./night.js";
import { Countdowns, Warnings } from "./strip.js";

use(EN);

const BEAT_MS = 1_000;
/** How long each view is shown; `?every=30` changes it, in seconds. */
const SHOWN_MS = 1_000 * Math.max(5, Number(new URLSearchParams(location.search).get("every")) || 20);
/** How often what the feed does not tell is asked for, in ms. */
const ASK_MS = 60_000;
/** Where the map has no graphics any more, the page begins anew after this pause, in ms. */
const REDRAW_MS = 10_000;
/** What is asked for is told to be old after so long without an answer, in ms. */
const OLD_MS = 5 * ASK_MS;
/** Left free around the county, in the map's own pixels: below, the southernmost name stays above the map's notice. */
const ROOM = { top: 20, right: 20, bottom: 52, left: 20 };
const VIEWS = { map: "地图", reports: "报告", duty: "值班", relief: "救助" };

/** Build the board's frame; its parts are filled elsewhere. */
function frame() {
  const view = (name, ...inside) => el("section.view", { id: `view-${name}`, "aria-label": t(name === "map" ? "地图和最新报告" : VIEWS[name]), hidden: name !== "map" }, ...inside);
  by("wall").append(
    el("header", {},
      el("div.title", {}, el("h1", { id: "area" }, t("灾情一张图")), el("p", { id: "event" })),
      el("div.countdowns", { id: "countdowns", role: "timer", "aria-live": "off" }),
      el("div.clock", {}, el("b", { id: "time" }), el("span", { id: "day" }))),
    el("section.totals", { "aria-label": t("合计") }, el("dl.figures", { id: "figures" })),
    el("main", {},
      view("map", el("div.map", {}, el("div", { id: "map" })), el("div", { id: "beside" })),
      ...["reports", "duty", "relief"].map((name) => view(name))),
    el("footer", {},
      el("div.warnings", { id: "warnings", "aria-label": t("生效的预警") }),
      el("nav", { "aria-hidden": "true" }, ...Object.entries(VIEWS).map(([name, zh]) => el("i", { "data-view": name }, t(zh))), el("i.held", { id: "held", hidden: true }, t("已暂停"))),
      el("p.light", { id: "light", role: "status" }, el("i", { "aria-hidden": "true" }), el("span", { "data-role": "text" }, t("正在连接…")))),
    el("p.over", { id: "over", role: "alert", hidden: true }),
  );
}

/** Say in large letters what a person has to do. */
function tell(text) {
  say(by("over"), text);
  by("over").hidden = !text;
}

async function start() {
  const [me, catalogue, { areas }, tiles] = await Promise.all([get("/api/me"), get("/api/catalogue"), get("/api/areas"), get("/tiles/").catch(() => ({ layers: {} }))]);
  const names = new Catalogue(catalogue, document.documentElement.lang);
  const places = new Places(areas);
  const given = { places, indicator: (key) => names.indicator(key), hazard: (key) => names.hazard(key), t };
  return new Wall(me, given, tiles.layers);
}

class Wall {
  store = new Store();
  cycle = new Cycle(Object.keys(VIEWS), SHOWN_MS);
  facts = null;

  #scene = BLANK;
  #asked = -Infinity;
  #answered = Date.now();
  #asking = false;
  #forgot = 0;
  #now = Date.now();
  #waiting = 0;

  constructor(me, given, layers) {
    const { places } = given;
    this.event = null;
    this.totals = new Totals((report) => report.event === this.event);
    this.figures = new Figures(by("figures"), given);
    this.countdowns = new Countdowns(by("countdowns"), given);
    this.warnings = new Warnings(by("warnings"), given);
    this.boards = { map: new Beside(by("beside"), given), reports: new Reports(by("view-reports"), given), duty: new Duty(by("view-duty"), given), relief: new Relief(by("view-relief"), given) };
    this.release = new Release();
    this.painter = new Painter(this.store, (diff) => this.#paint(diff));
    this.feed = new Feed({
      store: this.store, fetchSnapshot: () => get("/api/feed/snapshot"), send: (message) => this.line.send(message),
      onChange: () => this.painter.soon(), onRightsChanged: () => location.reload(),
    });
    this.line = openLine(this.feed, { onSignedOut: () => this.#signedOut(), onRightsChanged: () => location.reload() });
    this.light = new Light(by("light"), this.feed, t);
    say(by("area"), me.posts[0]?.area_name ?? t("灾情一张图"));
    addEventListener("keydown", (event) => this.#key(event));
    this.#turn();
    drawMap(by("map"), { store: this.store, places, layers, t, openReport: () => {}, openPlace: () => {}, fetchSilence: async () => ({ features: [] }), fetchTrip: (id) => get(`/api/trips/${id}`), pixelRatio: devicePixelRatio * mapScale(), padding: ROOM }).then((scene) => this.#mapped(scene), () => {
      document.documentElement.dataset.map = "missing";
      this.cycle.views = this.cycle.views.filter((name) => name !== "map");
      this.cycle.show(0, this.#now);
      this.#turn();
    });
  }

  /** Let time pass: everything periodic hangs on this. @param {number} now ms since 1970 */
  beat(now) {
    this.#now = now;
    const [day, time] = longTime(now).split(" ");
    say(by("time"), time.slice(0, 5));
    say(by("day"), day);
    this.countdowns.show(now);
    if (this.cycle.beat(now)) this.#turn();
    if (now - this.#asked >= ASK_MS) this.#ask(now);
    if (now - this.#forgot >= ASK_MS) this.#forget(now);
    this.feed.beat();
    this.release.beat(now);
  }

  async #ask(now) {
    if (this.#asking) return;
    this.#asking = true;
    this.#asked = now;
    try {
      const facts = await get("/api/wall");
      this.facts = facts;
      this.#answered = now;
      tell("");
      const { event } = facts;
      if (event?.id !== this.event) {
        this.painter.settle();
        this.event = event?.id ?? null;
        this.totals.recount(this.store.allStanding());
      }
      this.figures.remember(event?.trend ?? []);
      this.countdowns.remember(facts.countdowns);
      say(by("event"), event ? event.name : t("目前没有进行中的灾害过程"));
      this.#show();
    } catch (error) {
      if (error.status === 401) this.#signedOut();
      else if (error.status === 403) location.reload();
      else if (now - this.#answered >= OLD_MS) tell(t("值班、救助和倒计时已 {minutes} 分钟没有更新,正在重试…", { minutes: Math.floor((now - this.#answered) / 60_000) }));
    } finally {
      this.#asking = false;
    }
  }

  /** What is over takes no room: a wall runs for days. */
  #forget(now) {
    this.#forgot = now;
    const open = new Set(this.store.all("event").filter(({ state }) => state === "open").map(({ id }) => id));
    this.store.forget((view) => isDone(view, { now, isOpen: (event) => open.has(event) }));
    this.painter.soon();
  }

  #paint(diff) {
    this.totals.apply(diff.standing);
    this.#show();
    document.documentElement.dataset.reports = String(this.store.all("report").length);
    return this.#scene.paint(diff);
  }

  /** Only the view that is seen is painted, and the strips that always are. */
  #show() {
    this.figures.show(this.totals, this.#now);
    this.warnings.show(this.store, this.#now);
    this.countdowns.show(this.#now);
    this.boards[this.cycle.view].paint({ store: this.store, facts: this.facts, now: this.#now });
  }

  #turn() {
    const { view } = this.cycle;
    for (const name of Object.keys(VIEWS)) by(`view-${name}`).hidden = name !== view;
    for (const dot of document.querySelectorAll("footer nav [data-view]")) dot.classList.toggle("here", dot.dataset.view === view);
    by("held").hidden = !this.cycle.held;
    document.documentElement.dataset.view = view;
    if (view === "map") this.#scene.map?.resize();
    this.#show();
  }

  #key({ key }) {
    const { cycle } = this;
    const number = Number(key);
    if (key === " ") cycle.hold(this.#now);
    else if (key === "ArrowRight" || key === "ArrowLeft") cycle.show(cycle.at + (key === "ArrowRight" ? 1 : -1), this.#now);
    else if (number >= 1 && number <= cycle.views.length) cycle.show(number - 1, this.#now);
    else if (key === "f" || key === "F") document.documentElement.requestFullscreen?.().catch(() => {});
    else return;
    this.#turn();
  }

  #mapped(scene) {
    if (this.store.dirty) this.#paint(this.store.take());
    this.#scene = scene;
    paintDark(scene.map);
    scene.refilter(() => true);
    scene.map.getCanvas().addEventListener("webglcontextlost", () => setTimeout(() => location.reload(), REDRAW_MS));
    document.documentElement.dataset.map = "ready";
  }

  #signedOut() {
    tell(t("登录已失效。请在这台电脑上重新登录,登录后这里会自动恢复。"));
    if (!this.#waiting) this.#waiting = waitForSignIn(() => get("/api/me"));
  }
}

/** A server that is not there yet is asked again; a session that is over is waited for. */
async function begin() {
  try {
    const wall = await start();
    tell("");
    wall.beat(Date.now());
    const timer = setInterval(() => wall.beat(Date.now()), BEAT_MS);
    globalThis.wall = { beat: (now) => { clearInterval(timer); wall.beat(now); }, hear: (message) => wall.feed.hear(message), store: wall.store, cycle: wall.cycle };
  } catch (error) {
    if (error.status === 401) {
      tell(t("登录已失效。请在这台电脑上重新登录,登录后这里会自动恢复。"));
      waitForSignIn(() => get("/api/me"));
    } else {
      tell(t("连不上服务器,正在重试…"));
      setTimeout(begin, REDRAW_MS);
    }
  }
}

document.title = `${t("值班大屏")} · ${t("灾情一张图")}`;
frame();
stayAwake();
begin();
