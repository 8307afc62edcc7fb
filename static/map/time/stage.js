/** One map with the past on it: its own store and scene, its moment in large letters, its totals from the server. */

import { el, say } from "../dom.js";
import { longTime } from "../format.js";
import { drawMap } from "../scene.js";
import { Store } from "../store.js";
import { Tape } from "./tape.js";

export class Stage {
  /** The server's totals of {@link shown}: `{at, figures, areas, reports, villages}`. */
  totals = null;
  /** The moment painted, ms. */
  shown = 0;

  #store = new Store();
  #scene = null;
  #wanted = null;
  #busy = false;
  #asking = false;
  #closed = false;

  /**
   * @param {HTMLElement} home
   * @param {object} given  places, layers, t, get, event, until; `onTotals` is told of new totals, `onShown` of the moment painted
   */
  constructor(home, given) {
    const { event, get, until } = given;
    Object.assign(this, given);
    this.tape = new Tape(event, get, until);
    this.label = el("p.then", { "aria-live": "off" });
    this.canvas = el("div.then-map");
    this.element = el("div.stage", {}, this.canvas, this.label);
    home.append(this.element);
  }

  /** Draw the map. @returns {Promise<Stage>} @throws where it was closed before the map was there */
  async open() {
    const { places, layers, t } = this;
    const nothing = () => {};
    const scene = await drawMap(this.canvas, {
      store: this.#store, places, layers, t, openReport: nothing, openPlace: nothing, fetchSilence: async () => ({ features: [] }), clock: () => this.tape.now,
      // The ways lorries had left then are not kept; where they were is.
      fetchTrip: async () => null,
    });
    if (this.#closed) {
      scene.map.remove();
      throw new Error("closed while it was drawn");
    }
    this.#scene = scene;
    scene.refilter(this.matches);
    return this;
  }

  /** Draw all again, after {@link matches} became another. */
  refilter() {
    this.#scene.refilter(this.matches);
  }

  /** MapLibre's map. */
  get map() {
    return this.#scene.map;
  }

  matches = (report) => report.event === this.event;

  /**
   * Show a moment; of several asked for meanwhile the last one is shown. What is told of it is written once it is painted.
   * @param {number} moment ms @returns {Promise<void>}
   * @throws where what there was then cannot be had; the moment {@link shown} stays
   */
  async show(moment) {
    this.#wanted = moment;
    if (this.#busy || !this.#scene) return;
    this.#busy = true;
    try {
      while (this.#wanted !== null) {
        const next = this.#wanted;
        this.#wanted = null;
        await this.tape.seek(next);
        await this.#paint(next);
      }
    } finally {
      this.#busy = false;
    }
  }

  async #paint(moment) {
    this.#store.replace({ epoch: "then", position: 0, objects: this.tape.objects });
    this.shown = moment;
    const diff = this.#store.take();
    const moves = diff.moves.filter(({ before, after }) => before !== after);
    if (moves.length) await this.#scene.paint({ ...diff, moves });
    say(this.label, longTime(moment).slice(0, 16));
    this.onShown(moment);
    this.element.dataset.at = String(moment);
    this.element.dataset.reports = String(this.#store.all("report").filter(this.matches).length);
    this.element.dataset.zones = String(this.#store.all("zone").length);
    this.#ask();
  }

  /** What there is on this map of a kind. @param {string} kind */
  all(kind) {
    return this.#store.all(kind);
  }

  /** Ask for the totals of the moment shown, one question at a time. */
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.totals?.ms !== this.shown) {
        const ms = this.shown;
        this.totals = { ...(await this.tape.ask("totals", { at: new Date(ms).toISOString() })), ms };
        this.onTotals(this);
      }
    } catch {
      this.totals = null; // Better no numbers than those of some other moment; the next moment asks again.
      this.onTotals(this);
    } finally {
      this.#asking = false;
    }
  }

  /** Give the graphics back. */
  close() {
    this.#closed = true;
    this.#scene?.map.remove();
    this.element.remove();
  }
}
