/**
 * Where the lorry was: kept on the phone, sent by the socket or by HTTP, forgotten only when the server has them.
 *
 * A position is kept when it is worth it (some seconds or metres after the last one) under an id made here, so
 * that one sent twice is kept once. One batch is under way at a time, oldest first.
 */

import { post, Refusal } from "../shared/api.js";
import { all, write } from "../shared/db.js";
import { iso } from "../shared/time.js";
import { metres } from "./progress.js";

/** A new position is worth keeping after so long, or so far. */
const EVERY_MS = 4_000;
const EVERY_M = 25;
/** A lorry that stands says so this often: the phone itself tells nothing new then. */
const PULSE_MS = 12_000;
const LOOK_MS = 3_000;
/** How many are sent together. */
const BATCH = 100;
/** An answer that has not come by then is given up; the same ones are sent again. */
const PATIENCE_MS = 15_000;
const AGAIN_MS = 5_000;
const heals = (status) => status >= 500 || [401, 408, 425, 429].includes(status);

export class Positions {
  /** @type {[number, number] | null} where the lorry is, for the page */
  here = null;
  trouble = "";
  #watch = 0;
  #pulse = 0;
  #last = null;
  #busy = false;
  #timer = 0;
  /** @type {((answer: any) => void) | null} */
  #hear = null;

  /**
   * @param {object} doors
   * @param {() => string} doors.person
   * @param {() => string} doors.trip  the trip under way, "" for none
   * @param {(trip: string) => Promise<boolean>} doors.mayBeSent  whether the trip's departure has reached the server
   * @param {() => any} doors.line  the socket, null for none
   * @param {(fixed: {trip: string, version: number, state: string}) => void} doors.onFixed
   * @param {() => void} doors.onChange
   */
  constructor(doors) {
    this.doors = doors;
  }

  /** Begin or end to look where the lorry is, as a trip is under way or not. */
  follow() {
    const wanted = Boolean(this.doors.trip()) && "geolocation" in navigator;
    if (wanted && !this.#watch) {
      const options = { enableHighAccuracy: true, maximumAge: 2_000, timeout: 20_000 };
      this.#watch = navigator.geolocation.watchPosition((seen) => this.#take(seen), (error) => this.#fail(error), options);
      this.#pulse = setInterval(() => this.#ask(options), LOOK_MS);
    }
    if (!wanted && this.#watch) {
      navigator.geolocation.clearWatch(this.#watch);
      clearInterval(this.#pulse);
      this.#watch = 0;
    }
  }

  /** How many wait on this phone. */
  async waiting() {
    return (await this.#mine()).length;
  }

  /** The socket's word: an answer to what was sent, or nothing of ours. @param {any} message */
  hear(message) {
    this.#hear?.(message);
  }

  /** Send what waits. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    try {
      for (let batch; (batch = await this.#oldest()); ) await this.#send(batch);
    } catch {
      this.#timer = setTimeout(() => this.flush(), AGAIN_MS);
    } finally {
      this.#busy = false;
      this.doors.onChange();
    }
  }

  #ask(options) {
    if (this.#last && Date.now() - this.#last.kept < PULSE_MS) return;
    navigator.geolocation.getCurrentPosition((seen) => this.#take(seen), (error) => this.#fail(error), options);
  }

  #fail({ code, message }) {
    this.trouble = code === 1 ? "denied" : message || "unknown";
    this.doors.onChange();
  }

  async #take({ coords, timestamp }) {
    const trip = this.doors.trip();
    const place = /** @type {[number, number]} */ ([coords.longitude, coords.latitude]);
    this.here = place;
    this.trouble = "";
    const kept = Date.now();
    const last = this.#last;
    const worth = !last || last.trip !== trip || kept - last.kept >= EVERY_MS || metres(last.place, place) >= EVERY_M;
    if (!trip || !worth) return this.doors.onChange();
    this.#last = { trip, place, kept };
    // A phone that gives an old place for a new question still stands there now.
    const at = kept - timestamp > PULSE_MS ? kept : timestamp;
    const body = { id: crypto.randomUUID(), at: iso(at), lon: place[0], lat: place[1], accuracy_m: coords.accuracy };
    await write({ fixes: { put: [{ id: body.id, by: this.doors.person(), trip, order: at, body }] } });
    return this.flush();
  }

  async #mine() {
    return (await all("fixes")).filter(({ by }) => by === this.doors.person()).sort((a, b) => a.order - b.order);
  }

  /** The oldest of one trip whose departure the server knows. */
  async #oldest() {
    const rows = await this.#mine();
    for (const trip of new Set(rows.map((row) => row.trip))) {
      if (await this.doors.mayBeSent(trip)) return rows.filter((row) => row.trip === trip).slice(0, BATCH);
    }
    return null;
  }

  async #send(batch) {
    const [{ trip }] = batch;
    try {
      const fixed = await this.#ship(trip, batch.map(({ body }) => body));
      await write({ fixes: { remove: fixed.ids } });
      this.doors.onFixed(fixed);
    } catch (error) {
      if (!(error instanceof Refusal) || heals(error.status)) throw error;
      // The trip is over or somebody else's: nobody will ever take these.
      await write({ fixes: { remove: batch.map(({ id }) => id) } });
    }
  }

  /** By the socket where it is open, else by HTTP. */
  #ship(trip, fixes) {
    const line = this.doors.line();
    return new Promise((resolve, reject) => {
      const done = (act, value) => (clearTimeout(timer), (this.#hear = null), act(value));
      const timer = setTimeout(() => done(reject, new Error("no answer")), PATIENCE_MS);
      this.#hear = (message) => {
        if (message.type === "trip.fixed" && message.trip === trip) done(resolve, message);
        if (message.type === "problem" && message.re === trip) done(reject, new Refusal(message));
      };
      if (line?.send({ type: "trip.fix", trip, fixes, sent_at: iso(Date.now()) })) return;
      post(`/api/trips/${trip}/fixes`, { fixes }).then(
        (answer) => (answer.trip === trip ? done(resolve, answer) : done(reject, new Error("not ours"))),
        (error) => done(reject, error),
      );
    });
  }
}
