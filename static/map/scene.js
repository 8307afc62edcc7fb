/**
 * The map with its layers, or a notice in its place: a bureau computer without WebGL still gets the
 * list and the totals.
 */

import { ClosureLayer } from "./layers/closures.js";
import { HazardLayer } from "./layers/hazards.js";
import { ReportLayer } from "./layers/reports.js";
import { ShelterLayer } from "./layers/shelters.js";
import { SilenceLayer } from "./layers/silence.js";
import { TownshipShade } from "./layers/townships.js";
import { TripLayer } from "./layers/trips.js";
import { createMap } from "./view.js";

/** The same verbs with nothing behind them, while the map loads or where there is none. */
export const BLANK = Object.freeze({
  paint: async () => {}, refilter: () => {}, choose: () => {}, show: () => {}, showSilence: async () => {}, showTrip: () => {}, item: (key) => ({ name: key, unit: "" }),
});

/** What is drawn over the reports' dots, in this order. */
const ABOVE_DOTS = ["zones-rim", "zones-edge", "closures-line", "trips-ways-rim", "trips-ways", "trips-ways-wet", "trips-stops", "shelters", "closures", "trips", "villages-names", "township-points-names", "zones-compared-rim", "zones-compared", "zones-compared-names"];

/**
 * Build the map.
 * @param {HTMLElement} element
 * @param {object} given
 * @param {import("./store.js").Store} given.store
 * @param {import("./places.js").Places} given.places
 * @param {Record<string, object>} given.layers  from `GET /tiles/`
 * @param {(zh: string) => string} given.t
 * @param {(id: string) => void} given.openReport
 * @param {(object: "shelter" | "zone" | "closure" | "trip", id: string) => void} given.openPlace
 * @param {() => Promise<{features: any[]}>} given.fetchSilence
 * @param {(id: string) => Promise<{legs: any[]}>} given.fetchTrip  a trip with the ways it has left
 * @param {() => number} [given.clock]  the time of what is shown, ms; now where nothing is said
 * @param {number} [given.pixelRatio] @param {number} [given.padding]  see createMap
 * @returns {Promise<Scene>}
 */
export async function drawMap(element, { store, places, layers, t, openReport, openPlace, fetchSilence, fetchTrip, clock = Date.now, ...look }) {
  const notice = places.approximate ? `<b>${t("模拟位置")}</b> · ${t("村和乡镇的点位、界线为示例,非实测")}` : t("本市自有数据");
  const map = await createMap(element, { layers, townships: places.ofLevel("township"), bounds: places.bounds, notice, t, ...look });
  // While somebody draws, a tap sets a corner and opens nothing.
  const unlessDrawing = (open) => (...what) => (map.busy ? undefined : open(...what));
  const drawn = {
    hazards: new HazardLayer(map, unlessDrawing((id) => openPlace("zone", id))),
    shelters: new ShelterLayer(map, unlessDrawing((id) => openPlace("shelter", id))),
    townships: new TownshipShade(map, places),
    reports: new ReportLayer(map, places, unlessDrawing(openReport)),
    silence: new SilenceLayer(map, fetchSilence),
    closures: new ClosureLayer(map, unlessDrawing((id) => openPlace("closure", id)), clock),
    trips: new TripLayer(map, unlessDrawing((id) => openPlace("trip", id)), fetchTrip),
  };
  // In a storm the dots would cover every zone, sign and name.
  for (const above of ABOVE_DOTS) if (map.getLayer(above)) map.moveLayer(above);
  return new Scene(map, store, drawn);
}

class Scene {
  #map;
  #store;
  #layers;
  #matches = () => true;

  constructor(map, store, layers) {
    this.#map = map;
    this.#store = store;
    this.#layers = layers;
  }

  /** The zones, for the tools. */
  get hazards() {
    return this.#layers.hazards;
  }

  /** MapLibre's own map, for the tools. */
  get map() {
    return this.#map;
  }

  /**
   * Draw a difference. Resolves once it has been drawn on the screen.
   * @param {import("./store.js").Diff} diff
   */
  async paint({ fresh, moves, standing }) {
    const touches = (object) => moves.some(({ key }) => key.startsWith(`${object}:`));
    const reports = moves.filter(({ key }) => key.startsWith("report:"));
    this.#layers.townships.paint(standing, this.#matches);
    if (reports.length) this.#layers.silence.soon();
    await Promise.all([
      this.#layers.reports.paint(reports, { announce: !fresh }),
      touches("zone") && this.#layers.hazards.paint(this.#store),
      touches("closure") && this.#layers.closures.paint(this.#store),
      touches("shelter") && this.#layers.shelters.paint(this.#store),
      touches("trip") && this.#layers.trips.paint(this.#store),
    ]);
    await this.#drawn();
  }

  /** Draw all again under another filter. @param {(report: any) => boolean} matches */
  refilter(matches) {
    this.#matches = matches;
    this.#layers.townships.recount(this.#store.allStanding(), matches);
    this.#layers.reports.redraw(this.#store, matches);
    this.#layers.hazards.paint(this.#store);
    this.#layers.shelters.paint(this.#store);
    this.#layers.closures.paint(this.#store);
    this.#layers.trips.paint(this.#store);
  }

  /** Mark a report. @param {string | null} id */
  choose(id) {
    this.#layers.reports.choose(id);
  }

  /** Bring a report into view. @param {any} report */
  show(report) {
    this.#layers.reports.show(report);
  }

  /** Bring a lorry into view. @param {any} trip */
  showTrip(trip) {
    this.#layers.trips.show(trip);
  }

  /** What a kind of goods is called. @param {string} key */
  item(key) {
    return this.#layers.trips.item(key);
  }

  /** Switch the silent villages on or off. @param {boolean} on */
  showSilence(on) {
    return this.#layers.silence.show(on);
  }

  #drawn() {
    return new Promise((done) => {
      this.#map.once("render", done);
      this.#map.triggerRepaint();
    });
  }
}
