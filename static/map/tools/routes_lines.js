/** Ways, their ends and the rings around a start, on the map. */

const EMPTY = { type: "FeatureCollection", features: [] };
const BLUE = "#1a5fb4";
const WET = "#b3261e";

/** Layers of this tool, the lowest first. */
const LAYERS = [
  { id: "route-rings", type: "fill", source: "route-rings",
    paint: { "fill-color": ["match", ["get", "minutes"], 15, "#2f8f6b", 30, "#6db08f", "#b5d5c5"], "fill-opacity": 0.28 } },
  { id: "route-others", type: "line", source: "route", filter: ["!", ["get", "chosen"]], layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#7f8fa3", "line-width": 4, "line-opacity": 0.8 } },
  { id: "route-rim", type: "line", source: "route", filter: ["get", "chosen"], layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#ffffff", "line-width": 9 } },
  { id: "route", type: "line", source: "route", filter: ["all", ["get", "chosen"], ["get", "dry"]], layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": BLUE, "line-width": 5.5 } },
  // Not safe: never drawn like a way to take.
  { id: "route-wet", type: "line", source: "route", filter: ["all", ["get", "chosen"], ["!", ["get", "dry"]]],
    paint: { "line-color": WET, "line-width": 5, "line-dasharray": [0.9, 1.1] } },
  { id: "route-ends", type: "circle", source: "route-ends",
    paint: { "circle-color": ["match", ["get", "end"], "start", "#2f8f6b", BLUE], "circle-radius": 7, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2.5 } },
];
const SOURCES = ["route-rings", "route", "route-ends"];

export class RouteLines {
  #map;

  /** @param {any} map MapLibre's */
  constructor(map) {
    this.#map = map;
    for (const source of SOURCES) map.addSource(source, { type: "geojson", data: EMPTY });
    for (const layer of LAYERS) map.addLayer(layer);
  }

  /** Draw ways, the chosen one on top. @param {any[]} routes @param {number} chosen */
  show(routes, chosen) {
    this.#set("route", routes.map((route, at) => ({ type: "Feature", geometry: route.geometry, properties: { chosen: at === chosen, dry: route.is_dry } })));
    const [w, s, e, n] = boxOf(routes.flatMap(({ geometry }) => geometry.coordinates));
    const seen = this.#map.getBounds();
    if (routes.length && !(seen.contains([w, s]) && seen.contains([e, n]))) this.#map.fitBounds([w, s, e, n], { padding: 70, animate: false, maxZoom: 14 });
  }

  /** Mark where the way begins and ends. @param {{start: any, end: any}} ends */
  ends(ends) {
    this.#set("route-ends", Object.entries(ends).filter(([, place]) => place)
      .map(([end, coordinates]) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties: { end } })));
  }

  /** Draw rings. @param {any[]} features the farthest first */
  rings(features) {
    this.#set("route-rings", features);
  }

  /** Take all away. */
  remove() {
    for (const { id } of [...LAYERS].reverse()) this.#map.removeLayer(id);
    for (const source of SOURCES) this.#map.removeSource(source);
  }

  #set(source, features) {
    this.#map.getSource(source).setData({ type: "FeatureCollection", features });
  }
}

const boxOf = (places) => places.reduce(([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)], [180, 90, -180, -90]);
