/**
 * What lies under our own layers, and the switch for it: 矢量、影像、地形、无.
 *
 * What may be chosen comes from `GET /basemap/`; with nothing set there is no switch and no request.
 */

import { onTheme } from "../shared/colours.js";
import { basePaint } from "./basepaint.js";
import { baseGround, relief, repaint } from "./command/ground.js";

/**
 * @typedef {{type: "raster" | "vector", tiles: string[], minzoom: number, maxzoom: number, tileSize?: number, layers?: string[]}} Source
 * @typedef {{choices: {id: string, sources: Source[]}[], relief: object | null, notice: string}} Base
 */

/** @type {Base} */
export const NOTHING = { choices: [], relief: null, notice: "" };

const NONE = "none";
const KEPT = "zaiqing.basemap";
const TERRAIN = "terrain";
const TITLES = { vector: "矢量", image: "影像", [TERRAIN]: "地形", [NONE]: "无" };
/** A map below shines through the townships' shade. */
const FILL = { alone: 0.9, above: 0.3 };

/** Requests to a foreign host name our host, not our page: 天地图's keys are bound to it. */
export function transformRequest(url) {
  return new URL(url, location.href).origin === location.origin ? { url } : { url, referrerPolicy: "origin" };
}

/** Tiles of ours are named without a host. @param {string[]} tiles */
const whole = (tiles) => tiles.map((tile) => (tile.startsWith("/") ? location.origin + tile : tile));

/**
 * Give what the switch offers, 无 last.
 * @param {Base} base @returns {string[]} empty when there is nothing to choose
 */
export function offered({ choices, relief }) {
  const shown = choices.map(({ id }) => id);
  if (relief && !shown.includes(TERRAIN)) shown.push(TERRAIN);
  return shown.length ? [...shown, NONE] : [];
}

/** The layer that everything of the base map stays under. */
const floor = (map) => map.getStyle().layers.find(({ id }) => id !== "paper" && !id.startsWith("base-"))?.id;

export class BasemapSwitch {
  #base;
  #map = null;
  #element = null;
  #t;
  #shown = NONE;
  #unfollow = () => {};

  /** @param {Base} base @param {(zh: string) => string} t */
  constructor(base, t) {
    this.#base = base;
    this.#t = t;
  }

  /** MapLibre calls it when the switch is put on the map. */
  onAdd(map) {
    this.#map = map;
    this.#unfollow = onTheme(() => repaint(map, this.#painted()));
    const choices = offered(this.#base);
    this.#element = document.createElement("fieldset");
    this.#element.className = "maplibregl-ctrl maplibregl-ctrl-group basemap";
    const legend = document.createElement("legend");
    legend.textContent = this.#t("底图");
    const kept = remembered();
    const first = choices.includes(kept) ? kept : choices[0];
    this.#element.append(legend, ...choices.map((id) => this.#option(id, id === first)));
    this.#element.hidden = !choices.length;
    if (first) this.show(first);
    return this.#element;
  }

  /** MapLibre calls it when the switch is taken away. */
  onRemove() {
    this.#unfollow();
    this.#element.remove();
    this.#map = null;
  }

  /** Lay one under the layers. @param {string} id of a choice, or "none" */
  show(id) {
    this.#clear();
    this.#shown = id;
    const chosen = this.#chosen;
    chosen?.sources.forEach((source, number) => this.#lay(source, `base-${number}`));
    if (id === TERRAIN && this.#base.relief) this.#shade();
    if (this.#map.getLayer("townships-fill")) {
      this.#map.setPaintProperty("townships-fill", "fill-opacity", chosen ? FILL.above : FILL.alone);
    }
    this.#map.getContainer().dataset.basemap = id;
  }

  get #chosen() {
    return this.#base.choices.find(({ id }) => id === this.#shown);
  }

  /** What follows the look of the page, in the colours of now. */
  #painted() {
    const vector = (this.#chosen?.sources ?? []).flatMap(({ type, layers }, number) => (type === "vector" ? basePaint(`base-${number}`, layers, baseGround()) : []));
    return [...vector, { id: "base-relief", paint: relief() }];
  }

  #option(id, checked) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "basemap", value: id, checked });
    input.addEventListener("change", () => {
      remember(id);
      this.show(id);
    });
    label.append(input, this.#t(TITLES[id]));
    return label;
  }

  #clear() {
    const { layers, sources } = this.#map.getStyle();
    for (const { id } of layers) if (id.startsWith("base-")) this.#map.removeLayer(id);
    for (const id of Object.keys(sources)) if (id.startsWith("base-")) this.#map.removeSource(id);
  }

  #lay({ layers, ...source }, id) {
    this.#map.addSource(id, { ...source, tiles: whole(source.tiles), attribution: this.#base.notice });
    const before = floor(this.#map);
    if (source.type === "vector") for (const layer of basePaint(id, layers, baseGround())) this.#map.addLayer(layer, before);
    else this.#map.addLayer({ id, type: "raster", source: id, paint: { "raster-fade-duration": 0 } }, before);
  }

  /** Relief shades what lies under it: above the townships' shade, under every line and name. */
  #shade() {
    const { tiles, ...rest } = this.#base.relief;
    this.#map.addSource("base-relief", { type: "raster-dem", encoding: "terrarium", tileSize: 256, tiles: whole(tiles), ...rest });
    this.#map.addLayer({
      id: "base-relief", type: "hillshade", source: "base-relief",
      paint: { "hillshade-exaggeration": 0.45, ...relief() },
    }, this.#map.getLayer("townships-edge") ? "townships-edge" : floor(this.#map));
  }
}

/** The ground chosen last on this device; none where nothing can be kept. */
function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function remember(id) {
  try {
    localStorage.setItem(KEPT, id);
  } catch {
    // Not remembered, but shown.
  }
}
