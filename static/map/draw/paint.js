/** The drawing as the map shows it: area, edges, corners, the middles of edges, the pointer's own line. */

import { midpoints, toGeometry, vertices } from "./rings.js";

const SOURCE = "drawing";
const INK = "#0b5c8a";
const CATCH = "#00796b";
const BAD = "#8c1d18";
/** Corners on the screen beyond which none is shown: they would be one blot. */
const MOST_HANDLES = 500;

const of = (...roles) => ["in", ["get", "role"], ["literal", roles]];
const big = matchMedia("(pointer: coarse)").matches ? 1.5 : 1;
const LAYERS = [
  { id: "drawing-area", type: "fill", filter: of("area"), paint: { "fill-color": INK, "fill-opacity": 0.16 } },
  { id: "drawing-repaired", type: "fill", filter: of("repaired"), paint: { "fill-color": CATCH, "fill-opacity": 0.22 } },
  { id: "drawing-rim", type: "line", filter: of("edge", "open"), paint: { "line-color": "#ffffff", "line-width": 5, "line-opacity": 0.9 } },
  { id: "drawing-edge", type: "line", filter: of("edge", "open"), paint: { "line-color": INK, "line-width": 2.4 } },
  { id: "drawing-repair", type: "line", filter: of("repair"), paint: { "line-color": CATCH, "line-width": 4, "line-dasharray": [2, 2] } },
  { id: "drawing-ghost", type: "line", filter: of("ghost"), paint: { "line-color": INK, "line-width": 1.6, "line-dasharray": [2, 2] } },
  { id: "drawing-middles", type: "circle", filter: of("middle"), paint: { "circle-radius": 3.6 * big, "circle-color": "#ffffff", "circle-stroke-color": INK, "circle-stroke-width": 1.2, "circle-opacity": 0.8 } },
  { id: "drawing-corners", type: "circle", filter: of("corner", "first", "chosen"), paint: {
    "circle-radius": ["match", ["get", "role"], "corner", 5.2 * big, 7.5 * big],
    "circle-color": ["match", ["get", "role"], "chosen", INK, "#ffffff"],
    "circle-stroke-color": ["match", ["get", "role"], "chosen", "#ffffff", INK], "circle-stroke-width": 2.4 } },
  { id: "drawing-caught", type: "circle", filter: of("caught"), paint: { "circle-radius": 9 * big, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": CATCH, "circle-stroke-width": 3 } },
  { id: "drawing-fault", type: "circle", filter: of("fault"), paint: { "circle-radius": 11 * big, "circle-color": "rgba(140,29,24,.18)", "circle-stroke-color": BAD, "circle-stroke-width": 3 } },
];

const feature = (role, type, coordinates) => ({ type: "Feature", properties: { role }, geometry: { type, coordinates } });

export class Paint {
  #map;
  #asked = 0;
  #pending = null;

  /** @param {any} map MapLibre's */
  constructor(map) {
    this.#map = map;
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    for (const layer of LAYERS) map.addLayer({ ...layer, source: SOURCE });
  }

  /** Draw on the next frame. @param {() => object[]} features */
  soon(features) {
    this.#pending = features;
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#map.getSource(SOURCE)?.setData({ type: "FeatureCollection", features: this.#pending() });
    });
  }

  remove() {
    cancelAnimationFrame(this.#asked);
    for (const { id } of LAYERS) this.#map.removeLayer(id);
    this.#map.removeSource(SOURCE);
  }
}

/**
 * What a state looks like.
 * @param {import("./rings.js").State} state
 * @param {object} besides
 * @param {any} besides.map
 * @param {boolean} besides.handles  corners can be taken
 * @param {import("./rings.js").Place | null} besides.chosen
 * @param {[number, number] | null} besides.pointer  where a corner would be set now
 * @param {boolean} besides.caught  the pointer is caught by a line
 * @param {{geometry: any, at: [number, number] | null} | null} besides.repair
 */
export function features(state, { map, handles, chosen, pointer, caught, repair }) {
  const drawn = [];
  const whole = toGeometry(state);
  const filled = repair?.geometry ?? whole;
  if (filled) drawn.push(feature(repair ? "repaired" : "area", filled.type, filled.coordinates));
  if (repair) drawn.push(...outlines("repair", repair.geometry));
  for (const ring of state.parts.flat()) drawn.push(feature("edge", "LineString", [...ring, ring[0]]));
  const { open } = state;
  if (open) {
    if (open.corners.length > 1) drawn.push(feature("open", "LineString", open.corners));
    const last = open.corners[open.corners.length - 1];
    if (last && pointer) drawn.push(feature("ghost", "LineString", open.corners.length > 1 ? [last, pointer, open.corners[0]] : [last, pointer]));
    open.corners.forEach((corner, at) => drawn.push(feature(at ? "corner" : "first", "Point", corner)));
  }
  if (handles) drawn.push(...grips(state, map, chosen));
  if (pointer && caught) drawn.push(feature("caught", "Point", pointer));
  if (repair?.at) drawn.push(feature("fault", "Point", repair.at));
  return drawn;
}

function outlines(role, { type, coordinates }) {
  return (type === "Polygon" ? coordinates : coordinates.flat()).map((ring) => feature(role, "LineString", ring));
}

/** Corners and middles in sight, unless there are too many. */
function grips(state, map, chosen) {
  const bounds = map.getBounds();
  const seen = ({ point }) => bounds.contains(point);
  const corners = vertices(state).filter(seen);
  if (corners.length > MOST_HANDLES) return [];
  const is = (at) => chosen && at.part === chosen.part && at.ring === chosen.ring && at.vertex === chosen.vertex;
  return [
    ...midpoints(state).filter(seen).map(({ point }) => feature("middle", "Point", point)),
    ...corners.map(({ at, point }) => feature(is(at) ? "chosen" : "corner", "Point", point)),
  ];
}
