/**
 * Lorries under way (运输车辆): where each is, the way it has left, and the stops on it; red while something is wrong.
 *
 * Where they are comes with the feed. Their ways are asked for, once for each version and place reached.
 */

import { colour } from "../../shared/colours.js";
import { followLook } from "../command/ground.js";
import { FONTS } from "../view.js";

const SIZE = 26;
const RATIO = 2;
const EMPTY = { type: "FeatureCollection", features: [] };
/** The signs are the same by day and by night, as those on the road. */
const COLOURS = { ready: "#6b7785", moving: "#1d4e89", alarm: "#b3261e" };
const OPEN = ["ready", "away", "arrived"];
const NO_DRY = ["no_dry", "no_road"];

/** A lorry from its side, drawn once for each colour: it needs no file and no request. */
function sign(fill) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  const disc = (radius, ink) => {
    pen.fillStyle = ink;
    pen.beginPath();
    pen.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  disc(SIZE / 2 - 0.5, "#ffffff");
  disc(SIZE / 2 - 2, fill);
  pen.fillStyle = "#ffffff";
  pen.fillRect(5.5, 8.5, 9, 7.5);
  pen.beginPath();
  for (const [x, y] of [[15.3, 11], [18.3, 11], [20.5, 13.6], [20.5, 16], [15.3, 16]]) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
  for (const x of [9, 17.4]) {
    pen.beginPath();
    pen.arc(x, 17, 2, 0, 2 * Math.PI);
    pen.fill();
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** The colours of now. @returns {Record<string, Record<string, any>>} layer → its paint */
export function looks() {
  return {
    "trips-ways-rim": { "line-color": colour("surface") },
    "trips-ways": { "line-color": colour("route") },
    "trips-ways-wet": { "line-color": colour("closure") },
    "trips-stops": { "circle-color": colour("surface"), "circle-stroke-color": colour("route") },
    trips: { "text-color": colour("map-ink"), "text-halo-color": colour("map-halo") },
  };
}

/** Whether something is wrong with a trip. @param {any} trip */
export const isWrong = ({ off_since: off, still_since: still, verdict }) => Boolean(off || still || NO_DRY.includes(verdict));

function lorry(trip) {
  const { id, plate, lon, lat, state } = trip;
  const look = isWrong(trip) ? "alarm" : state === "ready" ? "ready" : "moving";
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, plate, look } };
}

const stops = ({ id, stops: all }) =>
  all.filter(({ arrived_at: at }) => !at).map(({ lon, lat, name }) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, name } }));

/** What a trip's way depends on: it is asked for anew when this changes. */
const wayKey = ({ version, stops: all }) => `${version}/${all.filter(({ arrived_at: at }) => at).length}`;

export class TripLayer {
  #map;
  #store = null;
  /** @type {Map<string, {key: string, legs: any[]}>} trip → its way as it was asked for last */
  #ways = new Map();
  /** @type {Record<string, {name: string, unit: string}>} what goods are called */
  #items = {};

  /**
   * @param {any} map MapLibre's
   * @param {(id: string) => void} open
   * @param {(id: string) => Promise<{legs: any[], items: any}>} fetchTrip
   */
  constructor(map, open, fetchTrip) {
    this.#map = map;
    this.fetchTrip = fetchTrip;
    for (const [look, fill] of Object.entries(COLOURS)) map.addImage(`lorry-${look}`, sign(fill), { pixelRatio: RATIO });
    for (const source of ["trips-ways", "trips-stops"]) map.addSource(source, { type: "geojson", data: EMPTY });
    map.addSource("trips", { type: "geojson", data: EMPTY, promoteId: "id" });
    const round = { "line-cap": "round", "line-join": "round" };
    map.addLayer({ id: "trips-ways-rim", type: "line", source: "trips-ways", layout: round, paint: { "line-width": 6, "line-opacity": 0.85 } });
    map.addLayer({ id: "trips-ways", type: "line", source: "trips-ways", filter: ["get", "dry"], layout: round, paint: { "line-width": 3, "line-opacity": 0.9 } });
    // Not safe: never drawn like a way to take.
    map.addLayer({ id: "trips-ways-wet", type: "line", source: "trips-ways", filter: ["!", ["get", "dry"]], paint: { "line-width": 3, "line-dasharray": [1.2, 1.2] } });
    map.addLayer({ id: "trips-stops", type: "circle", source: "trips-stops", minzoom: 9, paint: { "circle-radius": 4.5, "circle-stroke-width": 2 } });
    map.addLayer({ id: "trips", type: "symbol", source: "trips",
      layout: { "icon-image": ["concat", "lorry-", ["get", "look"]], "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.75, 12, 1], "icon-allow-overlap": true, "icon-ignore-placement": true,
        "text-field": ["step", ["zoom"], "", 10, ["get", "plate"]], "text-font": FONTS, "text-size": 11, "text-offset": [0, 1.5], "text-allow-overlap": true },
      paint: { "text-halo-width": 1.5 } });
    followLook(map, looks);
    map.on("click", "trips", (event) => open(event.features[0].properties.id));
    map.on("mouseenter", "trips", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "trips", () => { map.getCanvas().style.cursor = ""; });
  }

  /** Draw the lorries that are not back: few enough to be set whole. @param {import("../store.js").Store} store */
  paint(store) {
    this.#store = store;
    const open = store.all("trip").filter(({ state }) => OPEN.includes(state));
    const page = document.documentElement.dataset;
    for (const id of this.#ways.keys()) if (!open.some((trip) => trip.id === id)) this.#ways.delete(id);
    page.trips = open.map(({ id, lon, lat, state }) => `${id}:${state}:${lon},${lat}`).join(" ");
    this.#ask(open);
    this.#set("trips-stops", open.flatMap(stops));
    this.#set("trips", open.map(lorry));
    this.#draw(open);
  }

  /** What a kind of goods is called. @param {string} key */
  item(key) {
    return this.#items[key] ?? { name: key, unit: "" };
  }

  /** Bring a lorry into view. @param {any} trip */
  show({ lon, lat }) {
    this.#map.easeTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), 12), duration: 300 });
  }

  async #ask(open) {
    for (const trip of open.filter((one) => this.#ways.get(one.id)?.key !== wayKey(one))) {
      const key = wayKey(trip);
      this.#ways.set(trip.id, { key, legs: this.#ways.get(trip.id)?.legs ?? [] });
      const answer = await this.fetchTrip(trip.id).catch(() => null);
      if (answer) this.#items = answer.items;
      if (answer && this.#ways.get(trip.id)?.key === key) this.#ways.set(trip.id, { key, legs: answer.legs });
    }
    this.#draw(this.#store.all("trip").filter(({ state }) => OPEN.includes(state)));
  }

  #draw(open) {
    const features = open.flatMap(({ id, version }) => (this.#ways.get(id)?.legs ?? []).map(({ line, verdict }) => ({
      type: "Feature", geometry: { type: "LineString", coordinates: line }, properties: { id, version, dry: !NO_DRY.includes(verdict) },
    })));
    document.documentElement.dataset.tripWays = open.map(({ id }) => `${id}:${hash(this.#ways.get(id)?.legs ?? [])}`).join(" ");
    this.#set("trips-ways", features);
  }

  #set(source, features) {
    this.#map.getSource(source).setData({ type: "FeatureCollection", features });
  }
}

/** A short name of a way: two equal ones are the same way. */
function hash(legs) {
  let sum = 0;
  for (const [x, y] of legs.flatMap(({ line }) => line)) sum = (Math.imul(sum, 31) + Math.round((x + y) * 1e5)) | 0;
  return `${legs.length}.${sum >>> 0}`;
}
