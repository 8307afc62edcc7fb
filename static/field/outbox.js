/**
 * What was sealed and waits for its receipt. The rule is PEEK → SEND → MARK: a report stays where
 * it is until the server's receipt (or refusal) has been written down beside it.
 *
 * @typedef {object} Item
 * @property {string} id @property {string} by @property {string} sealed_at
 * @property {import("./states.js").State} state  kept, sending, arrived
 * @property {any} report  the body, as it travels
 * @property {Record<string, number>} canonical  its figures in the form's units
 * @property {import("./draft.js").Draft} draft  what to open again if it is refused
 * @property {any} receipt
 * @property {{hash: string, state: "waiting" | "stored" | "refused", words?: string}[]} photos
 */

import { Refused } from "../shared/api.js";
import * as db from "../shared/db.js";
import { forgetPhotos } from "./draft.js";
import { next } from "./states.js";

/** Pauses after failed rounds, ms; each is drawn from its upper half. */
const BACKOFF_MS = [2_000, 5_000, 10_000, 20_000, 40_000, 60_000];
/** How many finished reports the phone remembers. */
const REMEMBERED = 100;
const HEAL_BY_WAITING = new Set([401, 408, 425, 429]);

/** Move a draft to the outbox: in one transaction it leaves there and stands here. */
export function seal(draft, report, canonical) {
  /** @type {Item} */
  const item = {
    id: draft.id, by: draft.by, sealed_at: report.submitted_at, state: next(draft.state, "seal"), report, canonical, draft,
    receipt: null, photos: report.photos.map((hash) => ({ hash, state: "waiting" })),
  };
  return db.write(["drafts", "outbox"], (tx) => {
    tx.remove("drafts", draft.id);
    tx.put("outbox", item);
  });
}

/** A report or a photo still has to leave the phone. @param {Item} item */
export const waits = (item) => !item.receipt || item.photos.some(({ state }) => state === "waiting");

const bySealing = (a, b) => a.sealed_at.localeCompare(b.sealed_at);

export class Outbox {
  #tries = 0;
  #timer = 0;
  #person = "";

  /**
   * @param {object} doors
   * @param {(frame: string, id: string) => Promise<any>} doors.submit  the receipt, or throws Refused or Unreachable
   * @param {(id: string, hash: string, bytes: ArrayBuffer) => Promise<any>} doors.upload
   * @param {() => void} doors.onChange  something was written
   * @param {() => void} doors.onStranger  the server asks to sign in
   */
  constructor({ submit, upload, onChange, onStranger }) {
    Object.assign(this, { submit, upload, onChange, onStranger });
  }

  /** Send only what this person sealed. @param {string} person */
  belongsTo(person) {
    this.#person = person;
  }

  /**
   * Send all that waits, oldest first. One tab at a time; a second call finds the first at work.
   * @returns {Promise<boolean>} whether nothing waits any more
   */
  async flush() {
    clearTimeout(this.#timer);
    if (!this.#person) return false;
    const round = () => this.#round();
    const outcome = navigator.locks ? await navigator.locks.request("zaiqing-outbox", { ifAvailable: true }, (lock) => (lock ? round() : "busy")) : await round();
    if (outcome === "done") this.#tries = 0;
    else if (outcome !== "stranger") this.#later(typeof outcome === "number" ? outcome : 0);
    return outcome === "done";
  }

  #later(leastMs) {
    const most = BACKOFF_MS[Math.min(this.#tries++, BACKOFF_MS.length - 1)];
    this.#timer = setTimeout(() => this.flush(), Math.max(leastMs, most / 2 + (Math.random() * most) / 2));
  }

  async #waiting() {
    const items = await db.all("outbox");
    return items.filter((item) => item.by === this.#person && waits(item)).sort(bySealing);
  }

  /** @returns {Promise<"done" | "stranger" | "lost" | number>} a number: ms the server asked to wait */
  async #round() {
    // Reports first: a number at the bureau is worth more than a photo.
    for (let item; (item = (await this.#waiting()).find(({ receipt }) => !receipt)); ) {
      const stop = await this.#send(item);
      if (stop !== null) return stop;
    }
    for (const item of await this.#waiting()) {
      for (const photo of item.photos.filter(({ state }) => state === "waiting")) {
        const stop = await this.#sendPhoto(item, photo.hash);
        if (stop !== null) return stop;
      }
    }
    await this.#prune();
    return "done";
  }

  async #send(item) {
    await this.#mark(item.id, (row) => ({ ...row, state: next(row.state, "send") }));
    try {
      const frame = JSON.stringify({ type: "report.submit", report: item.report, sent_at: new Date().toISOString() });
      const receipt = await this.submit(frame, item.id);
      await this.#mark(item.id, (row) => ({ ...row, state: next(row.state, "stored"), receipt }));
      return null;
    } catch (error) {
      if (error instanceof Refused && !heals(error)) return this.#refuse(item, error);
      await this.#mark(item.id, (row) => ({ ...row, state: next(row.state, error instanceof Refused ? "busy" : "lost") }));
      return this.#stop(error);
    }
  }

  /** Give a refused report back to its officer, with the reasons; it may be sent again under the same id. */
  async #refuse(item, { number, message, errors, confirm }) {
    await db.write(["drafts", "outbox"], (tx) => {
      // 409.1: the id has other content for ever.
      const id = number === "409.1" ? crypto.randomUUID() : item.id;
      tx.remove("outbox", item.id);
      tx.put("drafts", { ...item.draft, id, state: next("sending", "refused"), message, errors, confirm, changed: Date.now() });
    });
    this.onChange();
    return null;
  }

  async #sendPhoto(item, hash) {
    const row = await db.read("photos", hash);
    const mark = (state, words) => this.#mark(item.id, (one) => ({ ...one, photos: one.photos.map((p) => (p.hash === hash ? { hash, state, words } : p)) }));
    try {
      if (row) await this.upload(item.id, hash, row.bytes);
      await mark(row ? "stored" : "refused");
    } catch (error) {
      // 400.6: damaged on the way; the next try may arrive whole.
      if (!(error instanceof Refused) || heals(error) || error.number === "400.6") return this.#stop(error);
      await mark("refused", error.message);
    }
    await db.write(["drafts", "outbox", "photos"], (tx) => forgetPhotos(tx, [hash]));
    return null;
  }

  #stop(error) {
    if (error instanceof Refused && error.status === 401) {
      this.onStranger();
      return "stranger";
    }
    return error instanceof Refused && error.retry_after_s ? error.retry_after_s * 1000 : "lost";
  }

  async #mark(id, change) {
    await db.write(["outbox"], async (tx) => {
      const row = await tx.read("outbox", id);
      if (row) tx.put("outbox", change(row));
    });
    this.onChange();
  }

  async #prune() {
    const finished = (await db.all("outbox")).filter((item) => !waits(item)).sort(bySealing);
    const old = finished.slice(0, Math.max(0, finished.length - REMEMBERED));
    if (old.length) await db.write(["outbox"], (tx) => old.forEach(({ id }) => tx.remove("outbox", id)));
  }
}

/** Whether waiting (or signing in) helps. @param {Refused} error */
function heals({ status }) {
  return status >= 500 || HEAL_BY_WAITING.has(status);
}
