/** 断路: where roads are closed; closing one on the map or upon a report, and opening it again. */

import { fromLocal } from "../../shared/time.js";
import { el } from "../dom.js";
import { onTap } from "../draw/tap.js";
import { longTime } from "../format.js";
import { isClosed, RED } from "../layers/closures.js";
import { DESK, holds, holdsAt } from "../rights.js";

const MARK = "closure-mark";
const DEFAULT_RADIUS_M = 30;

export default {
  id: "closures",
  title: "断路",
  mayUse: (me) => holds(me, [...DESK, "leader", "auditor"]),
  open: (context, panel, given) => new Tool(context, panel, given),
};

class Tool {
  #context;
  #list = el("ol.closures");
  #form = el("form.closure", { hidden: true });
  #say = el("p.soft", { role: "status" });
  #mayClose;
  /** @type {[number, number][]} */
  #line = [];
  /** @type {any} the report that tells of it */
  #report;
  #id = "";
  #stop = null;
  #chosen;

  constructor(context, panel, given) {
    this.#context = context;
    this.#mayClose = holdsAt(context.me, DESK);
    this.#chosen = given?.closure ?? null;
    const { t, me, map } = context;
    const begin = el("button.main", { type: "button", "data-role": "begin", onclick: () => this.#begin(null) }, t("标出断路"));
    panel.append(...[el("h2", {}, t("断路")), holds(me, DESK) && el("p.row", {}, begin), this.#form, this.#say, this.#list].filter(Boolean));
    map.addSource(MARK, { type: "geojson", data: this.#drawn() });
    map.addLayer({ id: `${MARK}-line`, type: "line", source: MARK, paint: { "line-color": RED, "line-width": 4 } });
    map.addLayer({ id: MARK, type: "circle", source: MARK, filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": RED, "circle-radius": 5, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
    this.#show();
    if (given?.report) this.#begin(given.report);
  }

  close() {
    this.#stop?.();
    for (const layer of [MARK, `${MARK}-line`]) this.#context.map.removeLayer(layer);
    this.#context.map.removeSource(MARK);
  }

  /** @param {import("../store.js").Diff} diff */
  paint({ moves }) {
    if (moves.some(({ key }) => key.startsWith("closure:"))) this.#show();
  }

  #show() {
    const { t, store } = this.#context;
    const closed = store.all("closure").filter((one) => isClosed(one)).sort((a, b) => (a.valid_from < b.valid_from ? 1 : -1));
    this.#list.replaceChildren(...closed.map((one) => this.#row(one)));
    if (!closed.length) this.#list.append(el("li.soft", {}, t("目前没有登记的断路。")));
  }

  #row(closure) {
    const { t, places, openReport } = this.#context;
    return el(closure.id === this.#chosen ? "li.here" : "li", { "data-id": closure.id },
      el("button.link", { type: "button", onclick: () => this.#goTo(closure) }, closure.reason),
      el("p.soft", {}, `${places.fullName(closure.area)} · ${longTime(closure.valid_from)} · ${closure.by}`),
      closure.valid_to && el("p.soft", {}, `${t("预计恢复")} ${longTime(closure.valid_to)}`),
      el("p.row", {},
        closure.report && el("button.link", { type: "button", onclick: () => openReport(closure.report) }, t("看报告")),
        this.#mayClose(closure.area) && el("button", { type: "button", "data-role": "open", onclick: (event) => this.#reopen(closure, event.target) }, t("恢复通行"))));
  }

  #goTo({ geometry }) {
    const { map } = this.#context;
    const center = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
    map.easeTo({ center, zoom: Math.max(map.getZoom(), 13), duration: 300 });
  }

  async #reopen(closure, button) {
    const { http, t, told } = this.#context;
    button.disabled = true;
    try {
      await http.post(`/api/closures/${closure.id}/open`, {});
      this.#tell(t("已恢复通行:{reason}", { reason: closure.reason }));
    } catch (error) {
      button.disabled = false;
      this.#tell(told(error), true);
    }
  }

  /** Begin marking: each tap adds a place; one is a point, more are a line. */
  #begin(report) {
    const { t, map } = this.#context;
    this.#id = crypto.randomUUID();
    this.#report = report;
    this.#line = report && Number.isFinite(report.lon) ? [[report.lon, report.lat]] : [];
    this.#stop?.();
    this.#stop = onTap(map, (place) => { this.#line.push(place); this.#marked(); });
    const field = (name, zh, input) => el("label", {}, t(zh), input, el("span.wrong", { "data-error": name, role: "alert" }));
    this.#form.replaceChildren(
      el("p", { "data-role": "place" }),
      el("span.wrong", { "data-error": "geometry", role: "alert" }),
      el("p.row", {}, el("button", { type: "button", onclick: () => { this.#line.pop(); this.#marked(); } }, t("撤销一点"))),
      field("reason", "断路原因", el("input", { name: "reason", maxlength: 120, required: true, placeholder: t("例如:山体塌方,双向中断"), value: report ? t("灾情报告 {number}", { number: report.number }) : "" })),
      field("radius_m", "影响半径(米)", el("input", { name: "radius_m", type: "number", min: 1, max: 1000, value: DEFAULT_RADIUS_M })),
      field("valid_to", "预计恢复(可不填)", el("input", { name: "valid_to", type: "datetime-local" })),
      el("p.row", {}, el("button.main", { type: "submit" }, t("登记断路")), el("button", { type: "button", onclick: () => this.#end() }, t("取消"))));
    this.#form.hidden = false;
    this.#form.onsubmit = (event) => { event.preventDefault(); this.#save(); };
    this.#marked();
    if (this.#line.length) map.easeTo({ center: this.#line[0], zoom: Math.max(map.getZoom(), 13), duration: 300 });
    this.#form.querySelector("[name=reason]").focus({ preventScroll: true });
  }

  #marked() {
    const { t, map } = this.#context;
    map.getSource(MARK).setData(this.#drawn());
    const words = ["请在地图上点出断路的位置;继续点,连成一段路。", "已标出一处;继续点,连成一段路。"];
    this.#form.querySelector("[data-role=place]").textContent = this.#line.length > 1 ? t("已标出一段,{count} 个点。", { count: this.#line.length }) : t(words[this.#line.length]);
  }

  #drawn() {
    const points = this.#line.map((coordinates) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties: {} }));
    const line = this.#line.length > 1 ? [{ type: "Feature", geometry: { type: "LineString", coordinates: this.#line }, properties: {} }] : [];
    return { type: "FeatureCollection", features: [...line, ...points] };
  }

  async #save() {
    const { http, t, told } = this.#context;
    const value = (name) => this.#form.querySelector(`[name=${name}]`).value.trim();
    for (const place of this.#form.querySelectorAll("[data-error]")) place.textContent = "";
    if (!this.#line.length) return this.#wrong({ geometry: t("请在地图上点出断路的位置。") });
    const geometry = this.#line.length > 1 ? { type: "LineString", coordinates: this.#line } : { type: "Point", coordinates: this.#line[0] };
    const body = { id: this.#id, geometry, reason: value("reason"), radius_m: Number(value("radius_m")) || null, valid_to: value("valid_to") ? fromLocal(value("valid_to")) : null };
    const button = this.#form.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const { roads } = await http.post(this.#report ? `/api/reports/${this.#report.id}/closure` : "/api/closures", body);
      this.#end();
      if (roads) this.#tell(t("断路已登记,关闭 {count} 段道路,路线会自动避开。", { count: roads }));
      else this.#tell(t("断路已登记,但标记附近没有道路,不影响任何路线。请恢复通行后重标,或加大影响半径。"), true);
    } catch (error) {
      button.disabled = false;
      if (Object.keys(error.errors ?? {}).length) this.#wrong(error.errors);
      else this.#tell(told(error), true);
    }
    return undefined;
  }

  #wrong(errors) {
    for (const [name, text] of Object.entries(errors)) {
      const place = this.#form.querySelector(`[data-error=${name}]`);
      if (place) place.textContent = text;
      else this.#tell(text, true);
    }
  }

  #end() {
    this.#stop?.();
    this.#stop = null;
    this.#line = [];
    this.#context.map.getSource(MARK).setData(this.#drawn());
    this.#form.hidden = true;
  }

  #tell(text, wrong = false) {
    this.#say.textContent = text;
    this.#say.className = wrong ? "wrong" : "soft";
  }
}
