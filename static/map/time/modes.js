/** What the theatre can show: one moment, two of them side by side, or what has changed since the last briefing. */

import { colour } from "../../shared/colours.js";
import { mayPrint, printForm, windowOf } from "../command/printing.js";
import { el, say } from "../dom.js";
import { longTime, number, shortTime, signed } from "../format.js";
import { moveTogether } from "../view.js";
import { Line, wordsOf } from "./line.js";
import { Player, SPEEDS, beside } from "./player.js";
import { Stage } from "./stage.js";
import { Sums } from "./sums.js";
import { msOf } from "./tape.js";

const TICK_MS = 250;
/** What a stage shows; the past has no switch for layers. */
const LAYERS = ["townships", "villages", "zones", "closures", "roads", "shelters", "reports", "trips"];

/** One moment: a player over the time line. */
export class Replay {
  /** @param {{stages: HTMLElement, side: HTMLElement, foot: HTMLElement}} home @param {any} given */
  constructor({ stages, side, foot }, given) {
    const { t, line, setMoment } = given;
    this.given = given;
    this.player = new Player(Date.parse(line.since), msOf(line.until));
    this.sums = new Sums({ ...given, compared: false });
    this.ground = el("p.ground");
    side.append(el("h2", {}, t("那时的合计")), this.sums.element, el("h2", {}, t("那时的现场")), this.ground);
    if (mayPrint(given.me)) side.append(this.#printing(given));
    this.stage = new Stage(stages, { ...given, onTotals: () => this.#told(), onShown: (ms) => setMoment(longTime(ms).slice(0, 16)) });
    this.line = new Line(line, { ...given, label: t("回放到哪个时刻"), go: (ms) => this.go(ms) });
    this.play = el("button.primary", { type: "button", "data-do": "play", onclick: () => this.toggle() }, t("播放"));
    const speed = el("select", { "aria-label": t("速度"), onchange: () => { this.player.speed = Number(speed.value); } }, ...SPEEDS.map((value) => el("option", { value }, `${value}×`)));
    speed.value = String(this.player.speed);
    const button = (name, zh, act) => el("button", { type: "button", "data-do": name, onclick: act }, t(zh));
    foot.append(el("div.player", {}, this.play, speed,
      button("back", "退一步", () => this.go(this.player.at - this.line.step)), button("on", "进一步", () => this.go(this.player.at + this.line.step)),
      button("report-before", "上一份报告", () => this.jump(-1, "report")), button("report-after", "下一份报告", () => this.jump(1, "report")),
      button("mark-before", "上一事件", () => this.jump(-1, "mark")), button("mark-after", "下一事件", () => this.jump(1, "mark"))), this.line.element);
    this.marks = line.jumps.map(({ at }) => msOf(at));
  }

  /** The moment that is shown, on paper. */
  #printing({ t, told, event }) {
    const what = () => ({ ...windowOf(this.stage.map), event, layers: LAYERS, moment: new Date(this.stage.shown).toISOString() });
    return el("details.print-then", {}, el("summary", {}, t("打印这一刻")),
      ...printForm({ t, told, what, hint: t("印出回放到的这一刻:当时的报告、隐患区、断路、避难场所、车辆和合计。") }));
  }

  async open() {
    await this.stage.open();
    this.timer = setInterval(() => this.player.tick(Date.now()) && this.#show(), TICK_MS);
    await this.stage.show(this.player.since);
    this.go(this.player.since);
  }

  toggle() {
    this.player.toggle(Date.now());
    this.#show();
  }

  /** @param {number} ms */
  go(ms) {
    this.player.go(ms);
    this.#show();
  }

  jump(way, what) {
    this.player.playing = false;
    const moments = what === "mark" ? this.marks : this.stage.tape.moments(({ verb }) => verb === "report.submitted");
    const there = beside(moments, this.player.at, way);
    if (there === undefined) return;
    this.go(there);
    const jump = what === "mark" && this.given.line.jumps.find(({ at }) => msOf(at) === there);
    this.line.tell(jump ? `${shortTime(there)} ${wordsOf(jump, this.given)}` : shortTime(there));
  }

  #show() {
    const { at, playing } = this.player;
    say(this.play, this.given.t(playing ? "暂停" : "播放"));
    this.line.show(at);
    this.stage.show(at).catch((error) => this.#stop(error));
  }

  /** Stand where the last moment was painted, and say why. */
  #stop(error) {
    this.player.playing = false;
    this.player.go(this.stage.shown);
    say(this.play, this.given.t("播放"));
    this.line.show(this.player.at);
    this.line.tell(this.given.told(error));
  }

  #told() {
    const { t } = this.given;
    this.sums.show(this.stage.totals);
    const count = (kind, holds) => this.stage.all(kind).filter(holds).length;
    const inside = this.stage.all("shelter").filter(({ state }) => state === "open");
    say(this.ground, [
      t("隐患区 {count} 处", { count: count("zone", () => true) }), t("断路 {count} 处", { count: count("closure", () => true) }),
      t("避难场所开放 {count} 处,{people} 人", { count: inside.length, people: number(inside.reduce((sum, { occupancy }) => sum + occupancy, 0)) }),
      t("运输车辆在途 {count} 辆", { count: count("trip", ({ state }) => state === "away") }),
      t("调拨已签收 {count} 单", { count: count("document", ({ state }) => state === "received") }),
    ].join(";"));
  }

  close() {
    clearInterval(this.timer);
    this.stage.close();
  }
}

/** Two moments on two maps that move together, and the difference of their totals. */
export class Compare {
  constructor({ stages, side, foot }, given) {
    const { t, line, setMoment } = given;
    this.told = given.told;
    this.sums = new Sums({ ...given, compared: true });
    side.append(el("h2", {}, t("两个时刻的差")), this.sums.element);
    this.moments = [Date.parse(line.since) + (msOf(line.until) - Date.parse(line.since)) / 2, msOf(line.until)];
    const told = () => this.sums.show(this.stages[0].totals, this.stages[1].totals);
    const both = () => setMoment(this.stages.map(({ shown }) => longTime(shown || null).slice(0, 16)).join(" ↔ "));
    this.stages = [0, 1].map(() => new Stage(stages, { ...given, onTotals: told, onShown: both }));
    this.lines = ["左图的时刻", "右图的时刻"].map((label, at) => new Line(line, { ...given, label: t(label), go: (ms) => this.go(at, ms) }));
    foot.append(...this.lines.map(({ element }, at) => el("div.two-lines", {}, el("b", {}, t(at ? "右" : "左")), element)));
  }

  async open() {
    await Promise.all(this.stages.map((stage) => stage.open()));
    moveTogether(...this.stages.map(({ map }) => map));
    this.moments.forEach((ms, at) => this.go(at, ms));
  }

  /** @param {0 | 1} at which map @param {number} ms */
  go(at, ms) {
    this.lines[at].show(ms);
    this.stages[at].show(ms).catch((error) => {
      if (this.stages[at].shown) this.lines[at].show(this.stages[at].shown);
      this.lines[at].tell(this.told(error));
    });
  }

  close() {
    for (const stage of this.stages) stage.close();
  }
}

/** What has changed since the last briefing: told in words, shown by township, each share with its report. */
export class Since {
  constructor({ stages, side, foot }, given) {
    const { t } = given;
    Object.assign(this, { given, side });
    this.text = el("p.since-text", { role: "status" }, t("正在载入…"));
    this.list = el("div.since-list");
    side.append(el("h2", {}, t("上次专报以来")), this.text, this.list);
    foot.append(el("p.soft", {}, t("地图上的点是上次专报以后收到的报告;乡镇的颜色是受灾人口的增减:紫色增,绿色减。")));
    this.stage = new Stage(stages, { ...given, onTotals: () => {}, onShown: () => {} });
  }

  async open() {
    const { t, event, get, line, setMoment, places, indicator } = this.given;
    const [found] = await Promise.all([get(`/api/replay/${event}/since-briefing`), this.stage.open()]);
    say(this.text, found.text);
    const since = Date.parse(found.briefing?.as_of ?? line.since);
    this.stage.matches = (report) => report.event === event && Date.parse(report.received_at) > since;
    this.stage.refilter();
    setMoment(`${longTime(since).slice(0, 16)} → ${longTime(line.until).slice(0, 16)}`);
    await this.stage.show(msOf(line.until));
    this.#shade(found.areas);
    this.list.append(
      ...found.figures.map((one) => el("div.since-row", { "data-key": one.key }, el("b", {}, one.name), el("span", {}, `${number(one.before)} → ${number(one.after)} ${one.unit}`), el("strong", {}, signed(Number(one.delta))),
        el("small", {}, one.causes.map((cause) => `${cause.name} ${signed(Number(cause.delta))}`).join(" · ")))),
      el("h2", {}, t("每一笔")),
      el("ol.since-steps", {}, ...found.steps.slice(0, 60).map((step) => el("li", {}, `${shortTime(step.at)} ${step.name} · ${places.fullName(step.area)} · ${indicator(step.key).name} ${signed(Number(step.delta))} (${step.number})`))),
    );
  }

  #shade(areas) {
    const { map } = this.stage;
    if (!map.getSource("townships")) return;
    const delta = ["coalesce", ["feature-state", "delta"], 0];
    map.setPaintProperty("townships-fill", "fill-color", ["case", [">", delta, 0], colour("gravity-1"), ["<", delta, 0], colour("good"), colour("surface")]);
    for (const [code, deltas] of Object.entries(areas)) map.setFeatureState({ source: "townships", sourceLayer: "townships", id: code }, { delta: Number(deltas.affected ?? 0) });
  }

  close() {
    this.stage.close();
  }
}
