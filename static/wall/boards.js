/** The wall's four views, each an element filled from the store (the feed) and the facts (asked for once a minute). */

import { el, say } from "../map/dom.js";
import { number, shortTime } from "../map/format.js";
import { isWrong } from "../map/layers/trips.js";
import { newestFirst } from "../map/store.js";
import { KINDS, SHORT } from "../map/words.js";
import { gradeOf } from "../map/severity.js";
import { inEnglish } from "../shared/i18n.js";
import { Rows, textRow } from "./rows.js";
import { left } from "./time.js";
import { CAUSES } from "./words.js";

const STATES = { unreachable: "联系不上", late: "迟报", due: "临近", ontime: "按时" };
const UNDER_WAY = ["away", "arrived", "ready"];
const NEWEST = 8;
const BESIDE_MAP = 5;
/** Figures told of a report: beside the map, and on a card. */
const [FEW, SOME] = [2, 3];
const LATE = 14;
const [SHELTERS, LORRIES, OVERDUE] = [8, 5, 4];
const GRAVEST = Object.keys(SHORT).sort((a, b) => Number(b === "dead" || b === "missing") - Number(a === "dead" || a === "missing"));

/** The gravest figures of a report in a line. */
function told(report, { indicator, t }, most, between = " · ") {
  const parts = GRAVEST.filter((key) => Number(report.figures?.[key])).slice(0, most)
    .map((key) => `${t(SHORT[key])} ${number(report.figures[key])}${indicator(key).unit}`);
  return parts.join(between) || t("无损失");
}

/** Reports of now, newest first. */
const newest = (store, most) => store.all("report").filter(({ superseded_by: old, state }) => !old && state !== "returned").sort(newestFirst).slice(0, most);

/** Beside the map: the newest reports. */
export class Beside {
  constructor(element, given) {
    const { places, t } = given;
    const list = el("div.report-lines");
    element.append(el("h2", {}, t("最新报告")), list);
    this.rows = new Rows(list, BESIDE_MAP, () => textRow("div.report-line", ["time", "where", "what"], (report) => ({
      time: shortTime(report.received_at).slice(6), where: places.fullName(report.area), what: told(report, given, FEW), state: gradeOf(report),
    })), t("还没有报告"));
  }

  paint({ store }) {
    this.rows.show(newest(store, BESIDE_MAP));
  }
}

/** The newest reports with their photos. */
export class Reports {
  constructor(element, given) {
    const { t } = given;
    const list = el("div.cards");
    element.append(el("h2", {}, t("最新报告")), list);
    this.rows = new Rows(list, NEWEST, () => card(given), t("还没有报告"));
  }

  paint({ store }) {
    this.rows.show(newest(store, NEWEST));
  }
}

function card(given) {
  const { places, hazard, t } = given;
  const image = el("img", { alt: "", hidden: true, decoding: "async" });
  const blank = el("i.no-photo", { "aria-hidden": "true" });
  const [where, when, what, text] = ["b", "span.when", "span.what", "span.text"].map((tag) => el(tag));
  const element = el("article.card", {}, el("div.photo", {}, image, blank), where, when, what, text);
  image.addEventListener("error", () => { image.hidden = true; blank.hidden = false; });
  let shown = "";
  return {
    element,
    show(report) {
      const [hash = ""] = report.photos_stored ?? [];
      if (hash !== shown) {
        shown = hash;
        image.hidden = !hash;
        if (hash) image.src = `/api/photos/${hash}?size=thumb`;
        else image.removeAttribute("src");
      }
      blank.hidden = !image.hidden;
      element.dataset.state = gradeOf(report);
      say(where, places.fullName(report.area));
      say(when, `${shortTime(report.received_at)} · ${t(KINDS[report.kind] ?? report.kind)} · ${hazard(report.hazard)}`);
      say(what, told(report, given, SOME, "\n"));
      say(text, report.text ?? "");
    },
  };
}

/** Who is late, and how all villages stand. */
export class Duty {
  constructor(element, { t }) {
    this.t = t;
    this.counts = Object.fromEntries(Object.keys(STATES).map((state) => [state, el("b", {}, "0")]));
    const list = el("div.late");
    this.head = el("h2", {}, t("谁还没报"));
    element.append(
      el("dl.counts", {}, ...Object.entries(this.counts).map(([state, value]) => el("div", { "data-state": state }, el("dt", {}, t(STATES[state])), el("dd", {}, value)))),
      this.head, list,
    );
    this.rows = new Rows(list, LATE, () => textRow("div.late-line", ["within", "place", "cause", "due", "over"], (one) => ({
      within: one.township, place: one.name, cause: t(CAUSES[one.cause]), due: t("应于 {time}", { time: shortTime(one.due_at) }),
      over: this.#over(one), state: one.state,
    })), t("没有迟报"));
  }

  paint({ facts, now }) {
    if (!facts) return;
    this.now = now;
    const { counts, late, soon, missing } = facts.duty;
    for (const [state, value] of Object.entries(this.counts)) say(value, number(counts[state] ?? 0));
    say(this.head, this.#title(missing, late, soon));
    this.rows.show([...late, ...soon].slice(0, LATE));
  }

  #title(missing, late, soon) {
    if (missing > late.length) return this.t("谁还没报(共 {count},先列最久的)", { count: missing });
    if (!late.length && soon.length) return this.t("没有迟报,以下即将到期");
    return this.t(soon.length ? "谁还没报,谁即将到期" : "谁还没报");
  }

  #over({ state, due_at: due }) {
    const { t, now } = this;
    if (state === "unreachable") return t("联系不上");
    return state === "due" ? t("还有 {time}", { time: left(Date.parse(due) - now, t) }) : t("已迟 {time}", { time: left(now - Date.parse(due), t) });
  }
}

/** Shelters that fill, lorries on the road, and how far relief has come. */
export class Relief {
  constructor(element, { t }) {
    this.t = t;
    const [shelters, lorries, items, late] = ["shelters", "lorries", "items", "overdue"].map((name) => el(`div.${name}`));
    this.title = el("h2", {}, t("救助"));
    element.append(
      el("section", {}, el("h2", {}, t("避难场所")), shelters), el("section", {}, el("h2", {}, t("运输车辆")), lorries, late),
      el("section", {}, this.title, items),
    );
    this.shelters = new Rows(shelters, SHELTERS, () => meter(({ name, occupancy, capacity, filling, state }) => (state === "open"
      ? { name, value: `${number(occupancy)} / ${number(capacity)} ${t("人")}`, share: capacity ? occupancy / capacity : 0, state: filling ? "filling" : "open" }
      : { name, value: `${t("待命")} · ${number(capacity)} ${t("人")}`, share: 0, state: "standby" })), t("没有避难场所"));
    this.lorries = new Rows(lorries, LORRIES, () => textRow("div.lorry", ["plate", "next", "eta"], (trip) => {
      const next = trip.stops.find(({ arrived_at: at }) => !at);
      return { plate: trip.plate, next: next ? `→ ${next.name}` : t("返程"), eta: shortTime(trip.state === "ready" ? trip.starts_at : (next?.eta ?? next?.planned_at ?? null)).slice(6), state: isWrong(trip) ? "wrong" : trip.state };
    }), t("路上没有车辆"));
    this.items = new Rows(items, 4, () => meter(({ title, percent, told: words }) => ({ name: title, value: words, share: percent / 100, state: percent === 100 ? "whole" : "open" })), t("没有进行中的救助批次"));
    this.late = new Rows(late, OVERDUE, () => textRow("p.overdue-line", ["words"], ({ text }) => ({ words: text })), "");
  }

  paint({ store, facts }) {
    const share = ({ occupancy, capacity }) => (capacity ? occupancy / capacity : 0);
    // Those that are open, the fullest first; what room is left shows what stands by.
    const isOpen = ({ state }) => Number(state === "open");
    const shelters = store.all("shelter").filter(({ state }) => state !== "closed");
    this.shelters.show(shelters.sort((a, b) => isOpen(b) - isOpen(a) || share(b) - share(a) || b.capacity - a.capacity).slice(0, SHELTERS));
    const waits = ({ state }) => Number(state === "ready");
    const trips = store.all("trip").filter(({ state }) => UNDER_WAY.includes(state));
    this.lorries.show(trips.sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)) || waits(a) - waits(b) || (a.plate < b.plate ? -1 : 1)).slice(0, LORRIES));
    const relief = facts?.relief;
    say(this.title, relief?.name ?? this.t("救助"));
    this.items.show((relief?.items ?? []).filter(({ granted }) => granted).slice(0, 4).map((item) => this.#item(item)));
    this.late.show(relief?.late.slice(0, OVERDUE) ?? []);
  }

  /** Money's numbers are fen. */
  #item({ key, name, name_en: english, unit, granted, settled, percent }) {
    const scale = key === "money" ? 100 : 1;
    const title = inEnglish() && english ? english : name;
    const [have, want] = [settled, granted].map((value) => number(Math.floor(value / scale)));
    return { title, percent, told: `${have} / ${want} ${inEnglish() ? "" : unit} · ${percent}%` };
  }
}

/** A row with a bar. */
function meter(tell) {
  const [name, value, fill] = ["span.name", "span.value", "i.fill"].map((tag) => el(tag));
  const element = el("div.meter", {}, name, value, el("div.bar", {}, fill));
  return {
    element,
    show(item) {
      const now = tell(item);
      say(name, now.name);
      say(value, now.value);
      fill.style.width = `${Math.round(Math.min(1, now.share) * 100)}%`;
      element.dataset.state = now.state;
    },
  };
}
