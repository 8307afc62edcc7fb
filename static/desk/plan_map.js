/**
 * Plans on the map: one, two that move together, or what differs between them.
 *
 * Townships, and villages of which the outline is known, are filled (feature states of the tiles that are drawn
 * anyhow), and every village has a dot of its own besides, so that it works without tiles, roads and base map. A click
 * tells a village's numbers and reasons in each plan shown.
 */

import { get } from "../shared/api.js";
import { colour, onTheme } from "../shared/colours.js";
import { el } from "../shared/dom.js";
import { t, use } from "../shared/i18n.js";
import mapWords from "../map/en.js";
import { Places } from "../map/places.js";
import { createMap, moveTogether } from "../map/view.js";
import { APART, MET, apart, apartWords, endOf, metWords, share, stepOf, townshipsOf } from "./plan_steps.js";
import { tellVillage } from "./plan_village.js";

use(mapWords);

const NOTHING = { type: "FeatureCollection", features: [] };
const NONE = "rgba(0,0,0,0)";
const areal = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];

/** @param {Element} root the section of templates/plan/look.html */
export function showMaps(root) {
  const { plans, items } = JSON.parse(document.getElementById("looked").textContent);
  if (plans.length && items.length) new Look(/** @type {any} */ (root), plans, items).start();
}

class Look {
  #maps = [];
  #shown = [];
  #village = "";
  #mode = "both";
  /** How often the plans' and a village's numbers were asked for: a late answer of an earlier question is left. */
  #asked = 0;
  #askedOne = 0;

  constructor(root, plans, items) {
    this.root = root;
    this.plans = plans;
    this.items = items;
    this.at = (name) => root.querySelector(`[data-${name}]`);
    this.two = plans.length > 1;
    for (const part of root.querySelectorAll("[data-two]")) part.hidden = !this.two;
    const options = (rows) => rows.map(([value, text]) => el("option", { value }, text));
    this.at("item").append(...options(items.map(({ key, name }) => [key, name])));
    for (const side of ["left", "right"]) this.at(side).append(...options(plans.map(({ id, name }) => [id, name])));
    if (this.two) this.at("right").selectedIndex = 1;
    root.hidden = false;
  }

  get grounds() {
    return [...this.root.querySelectorAll("[data-ground]")].slice(0, this.two ? 2 : 1);
  }

  async start() {
    for (const name of ["item", "left", "right"]) this.at(name).addEventListener("change", () => this.#load());
    for (const button of this.root.querySelectorAll("[data-mode]")) button.addEventListener("click", () => this.#turn(button));
    onTheme(() => this.#paint());
    try {
      const [{ areas }, tiles] = await Promise.all([get("/api/areas"), get("/tiles/").catch(() => ({ layers: {} }))]);
      const places = new Places(areas);
      const notice = places.approximate ? `<b>${t("模拟位置")}</b>` : "";
      const given = { layers: tiles.layers, townships: places.ofLevel("township"), bounds: places.bounds, notice, t };
      this.#maps = await Promise.all(this.grounds.map((ground) => createMap(ground, given)));
      this.#maps.forEach((map) => this.#prepare(map));
      if (this.two) moveTogether(...this.#maps);
    } catch {
      // Without WebGL the table below says the same.
      for (const ground of this.grounds) ground.replaceChildren(el("p", { class: "message" }, t("这台电脑显示不了地图,各村数字见下面的表。")));
    }
    await this.#load();
  }

  /** Layers of a map, empty yet. */
  #prepare(map) {
    const state = ["coalesce", ["feature-state", "colour"], NONE];
    const above = ["roads-rim", "villages-edge", "villages-dot"].find((id) => map.getLayer(id));
    for (const id of ["villages-dot", "townships-fill"]) if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", "none");
    if (map.getSource("townships")) {
      map.addLayer({ id: "plan-townships", type: "fill", source: "townships", "source-layer": "townships", filter: areal,
        paint: { "fill-color": state, "fill-opacity": 0.35 } }, "townships-edge");
    }
    if (map.getSource("villages")) {
      map.addLayer({ id: "plan-fill", type: "fill", source: "villages", "source-layer": "villages", filter: areal,
        paint: { "fill-color": state, "fill-opacity": 0.8, "fill-outline-color": colour("surface") } }, above);
      map.on("click", "plan-fill", ({ features }) => this.#choose(features[0].properties.code));
    }
    map.addSource("plan", { type: "geojson", data: NOTHING });
    map.addLayer({ id: "plan-dots", type: "circle", source: "plan", paint: {
      "circle-color": ["get", "colour"], "circle-stroke-color": ["case", ["get", "chosen"], colour("ink"), colour("paper")],
      "circle-stroke-width": ["case", ["get", "chosen"], 3, 1],
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, ["+", 2.5, ["*", 4, ["get", "size"]]], 13, ["+", 6, ["*", 10, ["get", "size"]]]] } });
    map.on("click", "plan-dots", ({ features }) => this.#choose(features[0].properties.code));
    map.on("mouseenter", "plan-dots", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "plan-dots", () => { map.getCanvas().style.cursor = ""; });
  }

  #turn(button) {
    this.#mode = button.dataset.mode;
    for (const one of this.root.querySelectorAll("[data-mode]")) one.setAttribute("aria-pressed", String(one === button));
    this.#paint();
  }

  /** The plans chosen. */
  get #chosen() {
    const ids = [this.at("left").value, this.at("right").value].slice(0, this.two ? 2 : 1);
    return ids.map((id) => this.plans.find((one) => one.id === id));
  }

  async #load() {
    const asked = ++this.#asked;
    const item = this.at("item").value;
    let answers;
    try {
      answers = await Promise.all(this.#chosen.map(({ id }) => get(`/api/plans/${id}/map?item=${item}`)));
    } catch (error) {
      if (asked === this.#asked) this.#unknown(error);
      return;
    }
    if (asked !== this.#asked) return;
    this.#shown = answers.map(({ villages }) => new Map(villages.map((one) => [one.code, one])));
    this.#paint();
    if (this.#village) await this.#choose(this.#village);
  }

  /** Nothing is shown rather than numbers of other plans, or none, as if nobody were in need. */
  #unknown(error) {
    this.#shown = this.#chosen.map(() => new Map());
    this.#paint();
    this.at("legend").replaceChildren(el("strong", { role: "alert" }, error.message));
    this.#tellUnknown(error);
  }

  #tellUnknown(error) {
    if (this.#village) this.at("village").replaceChildren(el("p", { class: "message" }, error.message));
  }

  #paint() {
    const apartNow = this.two && this.#mode === "difference";
    const [left, right] = this.#shown;
    const all = this.#shown.flatMap((villages) => [...villages.values()].map(share));
    const end = endOf(all);
    const change = (one, before) => share(one) - share(before.get(one.code) ?? { need: one.need, given: 0 });
    const widest = Math.max(0.001, ...(apartNow ? [...right.values()].map((one) => Math.abs(change(one, left))) : []));
    const titles = this.root.querySelectorAll("[data-title]");
    this.#chosen.forEach((plan, at) => { titles[at].textContent = plan.name; });
    if (apartNow) titles[1].textContent = t("{right} 比 {left}", { right: this.#chosen[1].name, left: this.#chosen[0].name });
    this.#shown.forEach((villages, at) => {
      const other = apartNow && at === 1;
      const shaded = (areas, before) => [...areas.values()].map((one) => ({
        ...one, colour: colour(other ? APART[apart(change(one, before), widest)] : MET[stepOf(share(one), end)]),
      }));
      this.#draw(this.#maps[at], shaded(villages, left), shaded(townshipsOf(villages), townshipsOf(left)));
    });
    this.#legend(end, apartNow ? widest : null);
  }

  #draw(map, villages, townships) {
    if (!map) return;
    const most = Math.max(1, ...villages.map(({ need }) => need));
    const features = villages.map(({ code, lon, lat, need, colour: shade }) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [lon, lat] },
      properties: { code, colour: shade, size: Math.sqrt(need / most), chosen: code === this.#village },
    }));
    map.getSource("plan").setData({ type: "FeatureCollection", features });
    for (const [source, areas] of Object.entries({ villages, townships })) {
      if (!map.getSource(source)) continue;
      map.removeFeatureState({ source, sourceLayer: source });
      for (const { code, colour: shade } of areas) map.setFeatureState({ source, sourceLayer: source, id: code }, { colour: shade });
    }
  }

  #legend(end, widest) {
    const dot = (name) => el("span", { class: `dot ${name}` });
    const row = (name, words) => el("span", {}, dot(name), words);
    const met = [...metWords(end), t("全部满足")].map((words, at) => row(`f${at}`, words));
    const parts = [t("满足率:"), ...met];
    if (widest) {
      const [half, whole] = apartWords(widest);
      parts.push(t("右图差异:"), row("f0", t("少 {half}–{whole}", { half, whole })), row("f1", t("少不到 {half}", { half })), row("same", t("一样")), row("f3", t("多不到 {half}", { half })), row("f4", t("多 {half}–{whole}", { half, whole })));
    }
    this.at("legend").replaceChildren(...parts, t("点的大小为需求。"));
  }

  /** Tell a village's numbers and reasons. @param {string} code */
  async #choose(code) {
    this.#village = code;
    this.#paint();
    const item = this.items.find(({ key }) => key === this.at("item").value);
    const asked = ++this.#askedOne;
    const plans = this.#chosen;
    try {
      const rows = await Promise.all(plans.map(({ id }) => get(`/api/plans/${id}/villages/${code}`).catch(noneOf)));
      if (asked === this.#askedOne) tellVillage(this.at("village"), plans, rows, item);
    } catch (error) {
      if (asked === this.#askedOne) this.#tellUnknown(error);
    }
  }
}

/** A plan that has no such village; any other refusal is none to be read as "no need". */
function noneOf(error) {
  if (error.status === 404) return null;
  throw error;
}
