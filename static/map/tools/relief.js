/**
 * 救助: need against delivered by village, stock by place, and what is late. Nothing of it is asked for
 * before the tool is open; then the figures follow the feed.
 */

import { el } from "../dom.js";
import { number, shortTime } from "../format.js";
import { CaseLayer } from "../layers/cases.js";
import { NOTHING, ReliefLayer, STEPS } from "../layers/relief.js";
import { PlaceLayer, shortOf } from "../layers/places.js";
import { holds } from "../rights.js";

const ROLES = ["officer", "reviewer", "coordinator", "leader", "auditor"];
/** What may change a figure: goods that move, lorries, differences, money. */
const KINDS = ["place:", "document:", "trip:", "case:", "progress:"];
/** News is gathered this long, in ms, before the figures are asked for again. */
const GATHER_MS = 1_000;
const LATE_SHOWN = 8;
const FEN = 100;

export default {
  id: "relief",
  title: "救助",
  mayUse: (me) => holds(me, ROLES),
  /** The board links to the map with the item it was showing: `/map/?relief=quilt`. */
  resumes: () => new URLSearchParams(location.search).has("relief"),
  open: (context, panel) => new Tool(context, panel),
};

class Tool {
  #context;
  #layer;
  #places;
  #cases;
  #timer = 0;
  #asked = 0;
  #item = new URLSearchParams(location.search).get("relief") ?? "";
  /** @type {any} the answer of `GET /api/relief/villages` */
  #figures = null;
  #head = el("div.relief-head");
  #switch = el("p.row.relief-items", { role: "group" });
  #about = el("div.relief-about", { role: "status" });
  #stopped = el("details.relief-late.relief-stopped", { hidden: true });
  #late = el("details.relief-late");

  constructor(context, panel) {
    this.#context = context;
    const { map, store, t } = context;
    this.#layer = new ReliefLayer(map, (code) => this.#aboutArea(code));
    this.#places = new PlaceLayer(map, (id) => this.#aboutPlace(id));
    this.#places.paint(store);
    this.#cases = new CaseLayer(map, (id) => this.#aboutCase(id));
    this.#paintCases();
    panel.classList.add("relief");
    panel.append(el("h2", {}, t("救助到户")), this.#switch, this.#head, legend(t), this.#about, this.#stopped, this.#late);
    this.#read();
  }

  close() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#layer.remove();
    this.#places.remove();
    this.#cases.remove();
    document.querySelector("#tool-panel")?.classList.remove("relief");
    for (const name of ["relief", "reliefSettled", "reliefDrawn", "cases"]) delete document.documentElement.dataset[name];
  }

  /** @param {import("../store.js").Diff} diff */
  paint({ moves }) {
    if (moves.some(({ key }) => key.startsWith("place:"))) this.#places.paint(this.#context.store);
    if (moves.some(({ key }) => key.startsWith("case:"))) this.#paintCases();
    if (!moves.some(({ key }) => KINDS.some((kind) => key.startsWith(kind)))) return;
    this.#timer ||= setTimeout(() => { this.#timer = 0; this.#read(); }, GATHER_MS);
  }

  async #read() {
    const turn = (this.#asked += 1);
    const { http, t, told } = this.#context;
    try {
      const ask = (item) => http.get(`/api/relief/villages${item ? `?item=${encodeURIComponent(item)}` : ""}`);
      const [figures, { late }] = await Promise.all([
        ask(this.#item).catch((error) => (error.status === 404 ? ask("") : Promise.reject(error))), http.get("/api/relief/late"),
      ]);
      if (turn !== this.#asked) return;
      this.#figures = figures;
      this.#item = figures.item;
      const drawn = this.#layer.paint(figures.areas) + Number(document.documentElement.dataset.reliefDrawn ?? 0);
      document.documentElement.dataset.reliefDrawn = String(drawn);
      this.#places.paint(this.#context.store, figures.least);
      this.#show();
      this.#showLate(late);
    } catch (error) {
      if (turn === this.#asked) this.#head.replaceChildren(el("p.wrong", {}, told(error) || t("没有读到")));
    }
  }

  #show() {
    const { t } = this.#context;
    const { programme, items, total, festival } = this.#figures;
    const english = document.documentElement.lang.startsWith("en");
    this.#switch.replaceChildren(...items.map(({ key, name, name_en: other }) =>
      el("button", { type: "button", "data-item": key, "aria-pressed": String(key === this.#item), onclick: () => { this.#item = key; this.#read(); } }, english ? other : name)));
    const [households, persons] = total;
    this.#head.replaceChildren(...(programme ? [
      el("p", {}, el("b", {}, programme.name), ` ${t("{households} 户 {persons} 人", { households: number(households), persons: number(persons) })}`),
      this.#bar(total),
      ...(festival ? [el("p.soft", {}, t("距除夕({eve})还有 {days} 天", { eve: festival.eve, days: festival.days }))] : []),
    ] : [el("p.soft", {}, t("还没有救助批次。"))]));
    Object.assign(document.documentElement.dataset, { relief: this.#item, reliefSettled: total[4] });
  }

  /** What arrived of what is needed, in words and as a bar. @param {number[]} cell */
  #bar([, , need, granted, settled]) {
    const { t } = this.#context;
    const unit = this.#item === "money" ? FEN : 1;
    const whole = Math.max(need, granted);
    const [one, two, three] = [settled, granted, whole].map((value) => number(Math.floor(value / unit)));
    return el("div", {},
      el("p", {}, t("到户 {settled} / 核准 {granted} / 需求 {need}", { settled: one, granted: two, need: three })),
      el("div.relief-bar", { "aria-hidden": "true" }, part("granted", granted, whole), part("settled", settled, whole)));
  }

  #aboutArea(code) {
    const { places, t } = this.#context;
    const township = code.endsWith("000");
    const cells = Object.entries(this.#figures?.areas ?? {}).filter(([one]) => (township ? one.startsWith(code.slice(0, 9)) : one === code)).map(([, cell]) => cell);
    const cell = cells.reduce((sum, one) => sum.map((value, at) => value + one[at]), [0, 0, 0, 0, 0]);
    this.#about.replaceChildren(
      el("h3", {}, places.fullName(code)), el("p", {}, t("{households} 户 {persons} 人", { households: number(cell[0]), persons: number(cell[1]) })), this.#bar(cell));
  }

  /** A place with its batches and the papers that wait; its page has the rest. */
  async #aboutPlace(id) {
    const { store, http, t, told } = this.#context;
    const place = store.objects.get(`place:${id}`);
    if (!place) return;
    const short = shortOf(place, this.#figures?.least ?? {});
    const papers = store.all("document").filter(({ source, target, state }) => (source === id || target === id) && ["ordered", "partly", "sent", "open"].includes(state));
    const batches = el("ul.plain");
    this.#about.replaceChildren(
      el("h3", {}, place.name), ...Object.entries(short).map(([item, many]) => el("p.short", {}, t("{item} 低于最低库存 {many}", { item: this.#name(item), many }))), batches,
      ...(papers.length ? [el("h4", {}, t("待办单据 {count}", { count: papers.length })), el("ul.plain", {}, ...papers.slice(0, LATE_SHOWN).map((one) => el("li", {}, el("a", { href: `/stock/documents/${one.id}/` }, one.number), ` ${one.source_name} → ${one.target_name}`)))] : []),
      el("p", {}, el("a", { href: `/stock/places/${id}/` }, t("打开储备点页"))));
    try {
      const { batches: rows } = await http.get(`/api/stock/places/${id}`);
      batches.replaceChildren(...(rows.length ? rows.map((row) => el("li", {}, `${row.name} `, el("b", {}, number(row.quantity)), ` ${row.unit} · ${row.number}${row.intent_words ? ` · ${row.intent_words}` : ""}`)) : [el("li.soft", {}, t("没有库存"))]));
    } catch (error) {
      batches.replaceChildren(el("li.wrong", {}, told(error)));
    }
  }

  /** Differences on the map, and in words for whoever doesn't see their badges. */
  #paintCases() {
    const { store, t } = this.#context;
    this.#cases.paint(store);
    const open = store.all("case").filter(({ state }) => state === "open");
    this.#stopped.hidden = !open.length;
    this.#stopped.replaceChildren(
      el("summary", {}, t("没有交清 {count} 处", { count: open.length })),
      el("ul.plain", {}, ...open.slice(0, LATE_SHOWN).map((one) => el("li", {}, el("button", { type: "button", onclick: () => this.#lead(one) }, this.#difference(one)), " ", el("span.soft", {}, `${one.source_name} → ${one.target_name}`)))),
      ...(open.length > LATE_SHOWN ? [el("p", {}, el("a", { href: "/cases/" }, t("看全部差异")))] : []));
    document.documentElement.dataset.cases = String(open.length);
  }

  /** Show the whole way on which something stopped. */
  #lead({ id, lon, lat, source_lon: fromLon, source_lat: fromLat }) {
    const bounds = [[Math.min(lon, fromLon), Math.min(lat, fromLat)], [Math.max(lon, fromLon), Math.max(lat, fromLat)]];
    this.#context.map.fitBounds(bounds, { padding: 120, maxZoom: 13, duration: 500 });
    this.#aboutCase(id);
  }

  #difference({ kind, quantity, unit, item }) {
    const { t } = this.#context;
    const kinds = { short: t("短少"), damaged: t("损坏"), over: t("多出") };
    return `${kinds[kind]} ${number(quantity)} ${unit} ${item}`;
  }

  /** Where so many stopped, and who answers for them. */
  #aboutCase(id) {
    const { store, t } = this.#context;
    const one = store.objects.get(`case:${id}`);
    if (!one) return;
    this.#about.replaceChildren(
      el("h3", {}, this.#difference(one)), el("p", {}, `${one.source_name} → ${one.target_name}`),
      el("p", {}, t("{holder} 负责,期限 {due}", { holder: one.holder, due: shortTime(one.due) })), ...(one.reason ? [el("p.soft", {}, one.reason)] : []),
      el("p", {}, el("a", { href: `/cases/?document=${one.document}` }, t("处理差异")), " · ", el("a", { href: `/stock/batches/${one.batch}/` }, t("看这一批的每一程"))));
  }

  #name(item) {
    const found = this.#figures?.items.find(({ key }) => key === item);
    return (document.documentElement.lang.startsWith("en") ? found?.name_en : found?.name) ?? item;
  }

  #showLate(late) {
    const { t, places } = this.#context;
    this.#late.hidden = !late.length;
    this.#late.replaceChildren(
      el("summary", {}, t("逾期 {count} 项", { count: late.length })),
      el("ul.plain", {}, ...late.slice(0, LATE_SHOWN).map((one) => el("li", {}, el("a", { href: one.url }, one.words), " ", el("span.soft", {}, `${places.name(one.area)} · ${shortTime(one.since)}`)))),
      ...(late.length > LATE_SHOWN ? [el("p", {}, el("a", { href: "/relief/board/" }, t("在看板上看全部")))] : []));
  }
}

function part(name, value, whole) {
  const bar = el(`i.${name}`);
  bar.style.width = `${whole ? (100 * value) / whole : 0}%`;
  return bar;
}

/** What the colours and dots say. @param {(zh: string, values?: object) => string} t */
function legend(t) {
  const swatch = (colour) => { const box = el("i"); box.style.background = colour; return box; };
  return el("div.relief-legend", {},
    el("p.soft", {}, t("颜色:已到户占需求;圆点:已核准、还没到户")),
    el("div.relief-scale", {}, ...STEPS.map(([, colour]) => swatch(colour === NOTHING ? "#fff" : colour))),
    el("div.relief-ends.soft", {}, el("span", {}, "0%"), el("span", {}, "100%")));
}
