/** 测量: a distance, an area, and who lies around a point, a line or a zone. Geodesic, as PostGIS has it. */

import { el } from "../dom.js";
import { number } from "../format.js";
import { colour } from "../../shared/colours.js";
import { holds } from "../rights.js";
import { Threat } from "../tools/zones_threat.js";
import { area, length, told, units } from "./geodesy.js";

const MODES = [["distance", "距离"], ["area", "面积"], ["around", "周边"]];
const COUNTERS = ["reviewer", "coordinator", "leader"];
const MOST_AROUND_M = 20_000;
const SOURCE = "measure";

export default {
  id: "measure",
  title: "测量",
  group: "more",
  key: "m",
  mayUse: () => true,

  open(context, panel) {
    const tool = new Measure(context, panel);
    return () => tool.close();
  },
};

class Measure {
  #context;
  #map;
  #mode = "distance";
  #points = [];
  #done = false;
  #said = el("output.measured", { role: "status" });
  #zone = null;
  #threat = null;
  #stop;

  constructor(context, panel) {
    this.#context = context;
    this.#map = context.map;
    const { t, me } = context;
    const modes = holds(me, COUNTERS) ? MODES : MODES.slice(0, 2);
    panel.append(el("h2", {}, t("测量")),
      el("p.row", { role: "radiogroup", "aria-label": t("量什么") }, ...modes.map(([value, zh]) => el("label", {}, el("input", { type: "radio", name: "mode", value, checked: value === this.#mode, onchange: () => this.#become(value) }), " ", t(zh)))),
      el("p.soft", {}, t("单击加点,双击或回车结束;退格去掉一点,Esc 重来。")), this.#said, this.#around(),
      el("p.row", {}, el("button", { type: "button", name: "middle", onclick: () => this.#add(this.#map.getCenter().toArray()) }, t("在地图中心加点")),
        el("button", { type: "button", onclick: () => this.#clear() }, t("重来"))));
    this.#draw();
    this.#listen();
    this.#tell();
  }

  close() {
    this.#stop();
    this.#threat?.stop();
    for (const id of [`${SOURCE}-area`, `${SOURCE}-rim`, `${SOURCE}-line`, `${SOURCE}-points`]) this.#map.removeLayer(id);
    this.#map.removeSource(SOURCE);
    this.#map.busy = null;
  }

  /** Who lies around: the zone to look around, the distance, and what the server counts. */
  #around() {
    const { t, store, http, told: says } = this.#context;
    const zones = store.all("zone").filter(({ state, geometry }) => state === "active" && geometry);
    const choice = el("select", { name: "zone", onchange: () => { this.#zone = zones.find(({ id }) => id === choice.value) ?? null; this.#tell(); } },
      el("option", { value: "" }, t("地图上画的点或线")), ...zones.map(({ id, name }) => el("option", { value: id }, name)));
    this.#threat = new Threat({ http, t, told: says, most: MOST_AROUND_M, distance: 500, address: "/api/map/around", title: "周边", changed: () => {}, answered: () => this.#show() });
    return el("div", { hidden: true, "data-role": "around" }, el("label", {}, t("围绕什么"), choice), this.#threat.element);
  }

  #become(mode) {
    this.#mode = mode;
    this.#said.parentElement.querySelector("[data-role=around]").hidden = mode !== "around";
    this.#clear();
  }

  #clear() {
    this.#points = [];
    this.#done = false;
    this.#tell();
  }

  #add(point) {
    if (this.#done) this.#clear();
    this.#points.push(point);
    this.#tell();
  }

  #finish() {
    this.#done = this.#points.length > 0;
    this.#tell();
  }

  /** What is looked around, as it is now: who gets it compares it with the next. */
  #shape() {
    if (this.#zone) return this.#zone.geometry;
    if (!this.#points.length) return null;
    return this.#points.length === 1 ? { type: "Point", coordinates: this.#points[0] } : { type: "LineString", coordinates: [...this.#points] };
  }

  #tell() {
    const { t } = this.#context;
    const metres = length(this.#points);
    const whole = units(this.#mode === "area" && this.#points.length > 2 ? area(this.#points) : 0);
    document.documentElement.dataset.measured = String(this.#mode === "area" ? whole.km2 : metres);
    this.#said.hidden = this.#mode === "around";
    this.#said.textContent = this.#mode === "area"
      ? t("{km2} 平方公里 · {mu} 亩 · {ha} 公顷", { km2: number(told(whole.km2)), mu: number(told(whole.mu)), ha: number(told(whole.ha)) })
      : metres >= 1000 ? t("{km} 公里", { km: number(told(metres / 1000)) }) : t("{m} 米", { m: number(told(metres)) });
    if (this.#mode === "around") this.#threat.look(this.#shape());
    this.#show();
  }

  #show() {
    const features = [];
    const add = (role, type, coordinates) => features.push({ type: "Feature", properties: { role }, geometry: { type, coordinates } });
    const outline = this.#mode === "around" && this.#threat.said?.found?.outline;
    if (outline) add("area", outline.type, outline.coordinates);
    if (this.#mode === "area" && this.#points.length > 2) add("area", "Polygon", [[...this.#points, this.#points[0]]]);
    if (this.#points.length > 1) add("line", "LineString", this.#mode === "area" ? [...this.#points, this.#points[0]] : this.#points);
    for (const point of this.#points) add("point", "Point", point);
    this.#map.getSource(SOURCE)?.setData({ type: "FeatureCollection", features });
  }

  #draw() {
    const ink = colour("accent");
    this.#map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    const is = (role) => ["==", ["get", "role"], role];
    this.#map.addLayer({ id: `${SOURCE}-area`, type: "fill", source: SOURCE, filter: is("area"), paint: { "fill-color": ink, "fill-opacity": 0.18 } });
    this.#map.addLayer({ id: `${SOURCE}-rim`, type: "line", source: SOURCE, filter: ["!=", ["get", "role"], "point"], paint: { "line-color": colour("surface"), "line-width": 5 } });
    this.#map.addLayer({ id: `${SOURCE}-line`, type: "line", source: SOURCE, filter: ["!=", ["get", "role"], "point"], paint: { "line-color": ink, "line-width": 2.4 } });
    this.#map.addLayer({ id: `${SOURCE}-points`, type: "circle", source: SOURCE, filter: is("point"),
      paint: { "circle-radius": 5, "circle-color": colour("surface"), "circle-stroke-color": ink, "circle-stroke-width": 2.4 } });
  }

  #listen() {
    const map = this.#map;
    const click = ({ lngLat, originalEvent }) => originalEvent.detail < 2 && this.#add(lngLat.toArray());
    const twice = (event) => { event.preventDefault(); this.#finish(); };
    const key = (event) => {
      if (event.target.closest?.("input, select, textarea, button, dialog")) return;
      if (event.key === "Enter") this.#finish();
      else if (event.key === "Backspace") { this.#points.pop(); this.#tell(); }
      else if (event.key === "Escape" && this.#points.length) this.#clear();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    map.busy = this;
    map.doubleClickZoom.disable();
    map.on("click", click);
    map.on("dblclick", twice);
    addEventListener("keydown", key, true);
    map.getCanvasContainer().classList.add("aiming");
    this.#stop = () => {
      map.off("click", click);
      map.off("dblclick", twice);
      removeEventListener("keydown", key, true);
      map.getCanvasContainer().classList.remove("aiming");
      setTimeout(() => map.doubleClickZoom.enable(), 300);
    };
  }
}
