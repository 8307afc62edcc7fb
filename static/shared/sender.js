/**
 * What was sealed on this phone and waits for the server, for pages with one kind of message.
 *
 * The rule is PEEK → SEND → MARK: a row stays in `outbox` until the server's answer moves it to `sent`,
 * or its refusal to `refused` with the reasons, in one transaction. Ids are made here: a row sent twice
 * is taken once. Rows go oldest first; one that is refused does not hold up the next.
 */

import { Refusal } from "./api.js";
import { all, write } from "./db.js";

/** Pauses after failed rounds, ms; each is drawn from its upper half. */
const PAUSES_MS = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
/** How many finished rows the phone remembers. */
const REMEMBERED = 200;
const heals = ({ status }) => status >= 500 || [401, 408, 425, 429].includes(status);

/** The stores a page needs for this. */
export const SENDER_STORES = { outbox: "id", sent: "id", refused: "id" };

export class Sender {
  /** Why the last round stopped, in words; "" while all is well. */
  trouble = "";
  #tries = 0;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;

  /**
   * @param {object} doors
   * @param {string} doors.lock  name of the lock between tabs
   * @param {() => string} doors.person  whose rows are sent; "" for nobody
   * @param {(row: any) => Promise<any>} doors.send  gives the answer, throws Refusal or Unreachable
   * @param {() => void} doors.onChange
   * @param {() => void} doors.onStranger  the server asks to sign in
   */
  constructor(doors) {
    this.doors = doors;
  }

  /** Seal a message: from here on it is never lost. @param {{id: string}} body @param {any} [shown]  what the page shows of it */
  async seal(body, shown = {}) {
    await write({ outbox: { put: [{ id: body.id, by: this.doors.person(), order: Date.now(), body, shown }] } });
    this.doors.onChange();
    this.flush();
  }

  /** Send all that waits. @returns {Promise<void>} when nothing more can be done now */
  flush({ patient = false } = {}) {
    clearTimeout(this.#timer);
    if (!patient) this.#tries = 0;
    this.#again = Boolean(this.#running);
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    let isStopped = false;
    do {
      this.#again = false;
      if (!this.doors.person()) return;
      const locks = globalThis.navigator?.locks;
      isStopped = await (locks ? locks.request(this.doors.lock, () => this.#round()) : this.#round());
    } while (this.#again);
    if (isStopped) {
      const longest = PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)];
      this.#timer = setTimeout(() => this.flush({ patient: true }), longest * (0.5 + Math.random() / 2));
    } else this.#tries = 0;
    this.doors.onChange();
  }

  /** @returns {Promise<boolean>} whether something still waits that time may heal */
  async #round() {
    try {
      for (let row; (row = await this.#oldest()); ) await this.#send(row);
      this.trouble = "";
      await this.#prune();
      return false;
    } catch (error) {
      this.trouble = error.message;
      if (error.status !== 401) return true;
      this.doors.onStranger();
      return false;
    }
  }

  async #oldest() {
    const rows = (await all("outbox")).filter(({ by }) => by === this.doors.person());
    return rows.sort((a, b) => a.order - b.order)[0];
  }

  async #send(row) {
    try {
      const answer = await this.doors.send(row);
      // Pictures were sent: what is remembered is only what the page shows.
      await write({ outbox: { remove: [row.id] }, sent: { put: [{ id: row.id, by: row.by, order: row.order, shown: row.shown, answer }] } });
    } catch (error) {
      if (!(error instanceof Refusal) || heals(error)) throw error;
      const { number, message, errors } = error;
      await write({ outbox: { remove: [row.id] }, refused: { put: [{ ...row, problem: { number, message, errors } }] } });
    }
    this.doors.onChange();
  }

  async #prune() {
    const rows = (await all("sent")).sort((a, b) => a.order - b.order);
    const remove = rows.slice(0, Math.max(0, rows.length - REMEMBERED)).map(({ id }) => id);
    if (remove.length) await write({ sent: { remove } });
  }
}
