/** The drawing as the map shows it: area, edges, corners, the middles of edges, the pointer's own line. */

import { toGeometry } from "./rings.js";

/** The shape, and apart from it what follows the pointer: a large shape is not drawn anew for each move. */
const SOURCES = ["drawing", "drawing-pointer"];
const INK = "#0b5c8a";
const CATCH = "#00796b";
const BAD = "#8c1d18";
const of = (...roles) => ["in", ["get", "role"], ["literal", roles]];
const big = matchMedia("(pointer: coarse)").matches ? 1.5 : 1;
const LAYERS = [
  { id: "drawing-area", type: "fill", filter: of("area"), paint: { "fill-color": INK, "fill-opacity": 0.16 } },
  { id: "drawing-repaired", type: "fill", filter: of("repaired"), paint: { "fill-color": CATCH, "fill-opacity": 0.22 } },
  { id: "drawing-rim", type: "line", filter: of("edge", "open"), paint: { "line-color": "#ffffff", "line-width": 5, "line-opacity": 0.9 } },
  { id: "drawing-edge", type: "line", filter: of("edge", "open"), paint: { "line-color": INK, "line-width": 2.4 } },
  { id: "drawing-repair", type: "line", filter: of("repair"), paint: { "line-color": CATCH, "line-width": 4, "line-dasharray": [2, 2] } },
  { id: "drawing-ghost", pointer: true, type: "line", filter: of("ghost"), paint: { "line-color": INK, "line-width": 1.6, "line-dasharray": [2, 2] } },
  { id: "drawing-middles", type: "circle", filter: of("middle"), paint: { "circle-radius": 3.6 * big, "circle-color": "#ffffff", "circle-stroke-color": INK, "circle-stroke-width": 1.2, "circle-opacity": 0.8 } },
  { id: "drawing-corners", type: "circle", filter: of("corner", "first", "chosen"), paint: {
    "circle-radius": ["match", ["get", "role"], "corner", 5.2 * big, 7.5 * big],
    "circle-color": ["match", ["get", "role"], "chosen", INK, "#ffffff"],
    "circle-stroke-color": ["match", ["get", "role"], "chosen", "#ffffff", INK], "circle-stroke-width": 2.4 } },
  { id: "drawing-caught", pointer: true, type: "circle", filter: of("caught"), paint: { "circle-radius": 9 * big, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": CATCH, "circle-stroke-width": 3 } },
  { id: "drawing-fault", type: "circle", filter: of("fault"), paint: { "circle-radius": 11 * big, "circle-color": "rgba(140,29,24,.18)", "circle-stroke-color": BAD, "circle-stroke-width": 3 } },
];

const feature = (role, type, coordinates) => ({ type: "Feature", properties: { role }, geometry: { type, coordinates } });

export class Paint {
  #map;
  #asked = 0;
  /** @type {Map<string, () => object[]>} source → what it shall show */
  #pending = new Map();

  /** @param {any} map MapLibre's */
  constructor(map) {
    this.#map = map;
    for (const source of SOURCES) map.addSource(source, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    for (const { pointer, ...layer } of LAYERS) map.addLayer({ ...layer, source: SOURCES[pointer ? 1 : 0] });
  }

  /** Draw the shape on the next frame. @param {() => object[]} features */
  shape(features) {
    this.#soon(SOURCES[0], features);
  }

  /** Draw what follows the pointer on the next frame. @param {() => object[]} features */
  pointer(features) {
    this.#soon(SOURCES[1], features);
  }

  remove() {
    cancelAnimationFrame(this.#asked);
    for (const { id } of LAYERS) this.#map.removeLayer(id);
    for (const source of SOURCES) this.#map.removeSource(source);
  }

  #soon(source, features) {
    this.#pending.set(source, features);
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      for (const [name, draw] of this.#pending) this.#map.getSource(name)?.setData({ type: "FeatureCollection", features: draw() });
      this.#pending.clear();
    });
  }
}

/**
 * What a shape looks like.
 * @param {import("./rings.js").State} state
 * @param {object} besides
 * @param {{corners: {at: any, point: any}[], middles: {at: any, point: any}[]} | null} besides.grips  what can be taken
 * @param {import("./rings.js").Place | null} besides.chosen
 * @param {{geometry: any, at: [number, number] | null} | null} besides.repair
 */
export function shapeFeatures(state, { grips, chosen, repair }) {
  const drawn = [];
  const filled = repair?.geometry ?? toGeometry(state);
  if (filled) drawn.push(feature(repair ? "repaired" : "area", filled.type, filled.coordinates));
  if (repair) drawn.push(...outlines("repair", repair.geometry));
  for (const ring of state.parts.flat()) drawn.push(feature("edge", "LineString", [...ring, ring[0]]));
  const { open } = state;
  if (open?.corners.length > 1) drawn.push(feature("open", "LineString", open.corners));
  open?.corners.forEach((corner, at) => drawn.push(feature(at ? "corner" : "first", "Point", corner)));
  const is = (at) => chosen && at.part === chosen.part && at.ring === chosen.ring && at.vertex === chosen.vertex;
  if (grips) {
    drawn.push(...grips.middles.map(({ point }) => feature("middle", "Point", point)),
      ...grips.corners.map(({ at, point }) => feature(is(at) ? "chosen" : "corner", "Point", point)));
  }
  if (repair?.at) drawn.push(feature("fault", "Point", repair.at));
  return drawn;
}

/**
 * What follows the pointer: where the next corner would be, and the line to it.
 * @param {import("./rings.js").State} state @param {{point: [number, number], caught: boolean} | null} pointer
 */
export function pointerFeatures({ open }, pointer) {
  if (!pointer) return [];
  const drawn = [];
  const last = open?.corners[open.corners.length - 1];
  if (last) drawn.push(feature("ghost", "LineString", open.corners.length > 1 ? [last, pointer.point, open.corners[0]] : [last, pointer.point]));
  if (pointer.caught) drawn.push(feature("caught", "Point", pointer.point));
  return drawn;
}

function outlines(role, { type, coordinates }) {
  return (type === "Polygon" ? coordinates : coordinates.flat()).map((ring) => feature(role, "LineString", ring));
}
