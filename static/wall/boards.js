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
const NEWEST = 8;
const BESIDE_MAP = 5;
const GRAVEST = Object.keys(SHORT).sort((a, b) => Number(b === "dead" || b === "missing") - Number(a === "dead" || a === "missing"));

/** The gravest figures of a report in a line. */
function told(report, { indicator, t }) {
  const parts = GRAVEST.filter((key) => Number(report.figures?.[key])).slice(0, 3)
    .map((key) => `${t(SHORT[key])} ${number(report.figures[key])}${indicator(key).unit}`);
  return parts.join(" · ") || t("无损失");
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
      time: shortTime(report.received_at).slice(6), where: places.fullName(report.area), what: told(report, given), state: gradeOf(report),
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
      say(what, told(report, given));
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
    this.rows = new Rows(list, 14, () => textRow("div.late-line", ["place", "cause", "due", "over"], (one) => ({
      place: [one.township, one.name].filter(Boolean).join(" "), cause: t(CAUSES[one.cause]), due: t("应于 {time}", { time: shortTime(one.due_at) }),
      over: one.state === "unreachable" ? t("联系不上") : t("已迟 {time}", { time: left(this.now - Date.parse(one.due_at), t) }), state: one.state,
    })), t("没有迟报"));
  }

  paint({ facts, now }) {
    if (!facts) return;
    this.now = now;
    const { counts, late, missing } = facts.duty;
    for (const [state, value] of Object.entries(this.counts)) say(value, number(counts[state] ?? 0));
    say(this.head, missing > late.length ? this.t("谁还没报(共 {count},先列最久的)", { count: missing }) : this.t("谁还没报"));
    this.rows.show(late);
  }
}

/** Shelters that fill, lorries on the road, and how far relief has come. */
export class Relief {
  constructor(element, { t }) {
    this.t = t;
    const [shelters, lorries, items, late] = ["shelters", "lorries", "items", "overdue"].map((name) => el(`div.${name}`));
    this.title = el("h2", {}, t("救助"));
    element.append(
      el("section", {}, el("h2", {}, t("避难场所")), shelters), el("section", {}, el("h2", {}, t("运输车辆")), lorries),
      el("section", {}, this.title, items, late),
    );
    this.shelters = new Rows(shelters, 8, () => meter(({ name, occupancy, capacity, filling }) => ({
      name, value: `${number(occupancy)} / ${number(capacity)} ${t("人")}`, share: capacity ? occupancy / capacity : 0, state: filling ? "filling" : "open",
    })), t("没有开放的避难场所"));
    this.lorries = new Rows(lorries, 7, () => textRow("div.lorry", ["plate", "next", "eta"], (trip) => {
      const next = trip.stops.find(({ arrived_at: at }) => !at);
      return { plate: trip.plate, next: next ? `→ ${next.name}` : t("返程"), eta: shortTime(next?.eta ?? next?.planned_at ?? null).slice(6), state: isWrong(trip) ? "wrong" : trip.state };
    }), t("路上没有车辆"));
    this.items = new Rows(items, 4, () => meter(({ title, percent, told: words }) => ({ name: title, value: words, share: percent / 100, state: percent === 100 ? "whole" : "open" })), t("没有进行中的救助批次"));
    this.late = new Rows(late, 4, () => textRow("p.overdue-line", ["words"], ({ text }) => ({ words: text })), "");
  }

  paint({ store, facts }) {
    const share = ({ occupancy, capacity }) => (capacity ? occupancy / capacity : 0);
    this.shelters.show(store.all("shelter").filter(({ state }) => state === "open").sort((a, b) => share(b) - share(a)).slice(0, 8));
    const away = store.all("trip").filter(({ state }) => state === "away" || state === "arrived");
    this.lorries.show(away.sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)) || (a.plate < b.plate ? -1 : 1)).slice(0, 7));
    const relief = facts?.relief;
    say(this.title, relief?.name ?? this.t("救助"));
    this.items.show((relief?.items ?? []).filter(({ granted }) => granted).slice(0, 4).map((item) => this.#item(item)));
    this.late.show(relief?.late.slice(0, 4) ?? []);
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
