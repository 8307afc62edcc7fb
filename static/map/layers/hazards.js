/**
 * Hazard zones in the four warning colours, straight from the live objects.
 *
 * 红橙黄蓝: 突发事件应对法 第六十三条. A lifted zone is not drawn. Instead of the present the zones
 * of another moment can be shown, and over them outlines to compare: versions, somebody else's change.
 */

import { colour } from "../../shared/colours.js";
import { FONTS } from "../view.js";

const EMPTY = { type: "FeatureCollection", features: [] };

/** The colours of static/shared/tokens.css, for the map's own painter. */
function colours() {
  const levels = ["red", "orange", "yellow", "blue"].flatMap((level) => [level, colour(`warning-${level}`)]);
  return ["match", ["get", "level"], ...levels, "#777777"];
}

/** Whether a zone holds now. @param {any} zone */
const isShown = ({ state, geometry }) => state === "active" && Boolean(geometry);

/** @param {any} zone @returns {object | null} */
function feature(zone) {
  if (!isShown(zone)) return null;
  return { type: "Feature", geometry: zone.geometry, properties: { id: zone.id, name: zone.name, level: zone.level, kind: zone.kind } };
}

export class HazardLayer {
  #map;
  #now = [];
  /** @type {any[] | null} features of another moment */
  #then = null;
  /** @type {string | null} a zone that is being drawn anew */
  #hidden = null;

  /** @param {import("maplibre-gl").Map} map @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    const warning = colours();
    map.addSource("zones", { type: "geojson", data: EMPTY, promoteId: "id" });
    const before = map.getLayer("villages-names") ? "villages-names" : "township-points-names";
    map.addLayer({ id: "zones", type: "fill", source: "zones", paint: { "fill-color": warning, "fill-opacity": ["case", ["==", ["get", "kind"], "weather"], 0.08, 0.22] } }, before);
    map.addLayer({ id: "zones-rim", type: "line", source: "zones", paint: { "line-color": "#ffffff", "line-width": 4.4, "line-opacity": 0.85 } }, before);
    map.addLayer({ id: "zones-edge", type: "line", source: "zones", paint: { "line-color": warning, "line-width": 2.4 } }, before);
    map.addSource("zones-compared", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "zones-compared-rim", type: "line", source: "zones-compared", paint: { "line-color": "#ffffff", "line-width": 5 } });
    map.addLayer({ id: "zones-compared", type: "line", source: "zones-compared", paint: { "line-color": "#16242e", "line-width": 2.6, "line-dasharray": [2.5, 1.5] } });
    map.addLayer({ id: "zones-compared-names", type: "symbol", source: "zones-compared",
      layout: { "symbol-placement": "line", "symbol-spacing": 220, "text-field": ["get", "title"], "text-font": FONTS, "text-size": 12, "text-offset": [0, -0.9] },
      paint: { "text-color": "#16242e", "text-halo-color": "#ffffff", "text-halo-width": 1.6 } });
    map.on("click", "zones", (event) => {
      if (!map.queryRenderedFeatures(event.point, { layers: ["reports", "shelters"] }).length) open(event.features[0].properties.id);
    });
  }

  /** Draw all active zones: they are few. @param {import("../store.js").Store} store */
  paint(store) {
    // A weather warning covers a county: what it covers lies on top and is met first by a click.
    const weatherFirst = (a, b) => Number(b.kind === "weather") - Number(a.kind === "weather");
    this.#now = store.all("zone").sort(weatherFirst).map(feature).filter(Boolean);
    return this.#draw();
  }

  /** Show the zones of another moment. @param {any[] | null} features from `GET /api/zones?at=`; null: the present */
  showThen(features) {
    this.#then = features;
    return this.#draw();
  }

  /** Leave one zone out while its outline is drawn anew. @param {string | null} id */
  hide(id) {
    this.#hidden = id;
    return this.#draw();
  }

  /**
   * Lay outlines over the map, dashed and with their titles; none takes them away.
   * @param {{geometry: any, title: string}[]} outlines
   */
  compare(outlines) {
    const features = outlines.map(({ geometry, title }) => ({ type: "Feature", geometry, properties: { title } }));
    this.#map.getSource("zones-compared").setData({ type: "FeatureCollection", features });
    document.documentElement.dataset.compared = outlines.map(({ title }) => title).join("|");
    const box = boxOf(outlines.map(({ geometry }) => geometry));
    if (box && !inView(this.#map, box)) this.#map.fitBounds(box, { padding: 60, maxZoom: 15, animate: false });
  }

  #draw() {
    const features = (this.#then ?? this.#now).filter(({ properties }) => properties.id !== this.#hidden);
    document.documentElement.dataset.zones = String(features.length);
    return this.#map.getSource("zones").setData({ type: "FeatureCollection", features });
  }
}

/** The box around geometries. @param {any[]} geometries @returns {[number, number, number, number] | null} west, south, east, north */
export function boxOf(geometries) {
  const corners = geometries.flatMap(({ type, coordinates }) => (type === "Polygon" ? coordinates : coordinates.flat()).flat());
  if (!corners.length) return null;
  return corners.reduce(([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)], [180, 90, -180, -90]);
}

/** Whether some of a box can be seen. */
function inView(map, [west, south, east, north]) {
  const bounds = map.getBounds();
  return west < bounds.getEast() && east > bounds.getWest() && south < bounds.getNorth() && north > bounds.getSouth();
}
