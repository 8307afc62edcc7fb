/**
 * What was sealed and waits for the bureau. The rule is PEEK → SEND → MARK: a report stays in
 * `outbox` until the server's receipt moves it to `sent`, or its refusal back to `drafts`, in one
 * transaction. Its photos follow, each marked apart.
 *
 * @typedef {object} Sealed  a row of `outbox`, and with `receipt` of `sent`
 * @property {string} id @property {string} by  the person's id
 * @property {number} order  ms, when it was sealed
 * @property {any} report  the body, as it travels
 * @property {Record<string, number>} canonical  its figures in the form's units
 * @property {any} draft  what to open again if it is refused
 * @property {Record<string, string>} photos  of photos and voice notes: hash → "waiting" | "stored" | why it was refused
 * @property {any} [receipt]
 */

import { Refusal } from "../shared/api.js";
import { all, one, write } from "../shared/db.js";
import { t } from "../shared/i18n.js";
import { iso } from "../shared/time.js";
import { forgetPhotos } from "./draft.js";
import { next } from "./states.js";

/** Pauses after failed rounds, ms; each is drawn from its upper half. */
const PAUSES_MS = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];
/** How many finished reports the phone remembers. */
const REMEMBERED = 200;
/** Refusals that time or a sign-in heals; 400.6: a photo was damaged on its way; 409.6: it stands at another byte than we thought. */
const heals = ({ status, number }) => status >= 500 || [401, 408, 425, 429].includes(status) || ["400.6", "409.6"].includes(number);

/** Seal a draft: it leaves `drafts` and stands in `outbox`, at once. */
export function seal(draft, report, canonical, now = Date.now()) {
  next(draft.problem ? "refused" : "draft", "seal");
  const photos = Object.fromEntries([...report.photos, ...(report.voices ?? [])].map((hash) => [hash, "waiting"]));
  const row = { id: draft.id, by: draft.by, order: now, report, canonical, draft, photos };
  return write({ drafts: { remove: [draft.id] }, outbox: { put: [row] } });
}

/** Photos of a row that still have to leave the phone. @param {Sealed} row */
export const waitingPhotos = (row) => Object.keys(row.photos).filter((hash) => row.photos[hash] === "waiting");

const oldestFirst = (a, b) => a.order - b.order;

export class Outbox {
  /** Ids that are on their way now; never written down. @type {Set<string>} */
  inFlight = new Set();
  /** Why the last round stopped, in words; "" while all is well. */
  trouble = "";

  #tries = 0;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #running = null;
  #again = false;

  /**
   * @param {object} doors
   * @param {() => string} doors.person  whose reports are sent; "" for nobody
   * @param {(message: any, row: Sealed) => Promise<any>} doors.submit  gives the receipt, throws Refusal or Unreachable
   * @param {(row: Sealed, hash: string, bytes: ArrayBuffer) => Promise<any>} doors.upload
   * @param {() => void} doors.onChange  something to be shown
   * @param {() => void} doors.onStranger  the server asks to sign in
   */
  constructor(doors) {
    this.doors = doors;
  }

  /**
   * Send all that waits, oldest first; one tab at a time. A call while a round runs makes it look once more.
   * @param {{patient?: boolean}} [how] patient: an automatic round, which keeps lengthening the pause
   * @returns {Promise<void>} when nothing more can be done now
   */
  flush({ patient = false } = {}) {
    clearTimeout(this.#timer);
    if (!patient) this.#tries = 0;
    this.#again = Boolean(this.#running);
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    let stopped = null;
    do {
      this.#again = false;
      if (!this.doors.person()) return;
      const round = () => this.#round();
      const locks = globalThis.navigator?.locks;
      stopped = await (locks ? locks.request("zaiqing-outbox", round) : round());
    } while (this.#again);
    if (stopped) {
      const longest = PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)];
      this.#timer = setTimeout(() => this.flush({ patient: true }), Math.max(stopped.pause, longest * (0.5 + Math.random() / 2)));
    } else this.#tries = 0;
    this.doors.onChange();
  }

  /** @returns {Promise<{pause: number} | null>} null when nothing waits any more, or only a sign-in helps */
  async #round() {
    try {
      // A number at the bureau is worth more than a photo: reports first.
      for (let row; (row = await this.#oldest("outbox")); ) await this.#send(row);
      for (let row; (row = await this.#oldest("sent")); ) await this.#sendPhoto(row, waitingPhotos(row)[0]);
      this.trouble = "";
      await this.#prune();
      return null;
    } catch (error) {
      this.trouble = error.message;
      if (error.status !== 401) return { pause: (error.retry_after_s ?? 0) * 1000 };
      this.doors.onStranger();
      return null;
    }
  }

  async #oldest(store) {
    const rows = (await all(store)).filter(({ by }) => by === this.doors.person());
    return rows.filter((row) => !row.receipt || waitingPhotos(row).length).sort(oldestFirst)[0];
  }

  async #send(row) {
    this.inFlight.add(row.id);
    this.doors.onChange();
    try {
      const receipt = await this.doors.submit({ type: "report.submit", report: row.report, sent_at: iso(Date.now()) }, row);
      await write({ outbox: { remove: [row.id] }, sent: { put: [{ ...row, receipt }] } });
    } catch (error) {
      if (!(error instanceof Refusal) || heals(error)) throw error;
      await this.#refuse(row, error);
    } finally {
      this.inFlight.delete(row.id);
      this.doors.onChange();
    }
  }

  /**
   * Give a refused report back to its officer with the reasons; the next ones are not held up. One
   * that was to correct it corrects what it would have corrected: the refused version never was.
   */
  async #refuse(row, { number, message, errors, confirm }) {
    // 409.1: this id has other content for ever.
    const id = number === "409.1" ? crypto.randomUUID() : row.id;
    const draft = { ...row.draft, id, problem: { number, message, errors, confirm }, changed: Date.now() };
    const heirs = (await all("outbox")).filter(({ report }) => report.corrects === row.id);
    const put = heirs.map((heir) => ({ ...heir, report: { ...heir.report, corrects: row.report.corrects } }));
    return write({ outbox: { remove: [row.id], put }, drafts: { put: [draft] } });
  }

  async #sendPhoto(row, hash) {
    let outcome = "stored";
    const kept = await one("photos", hash);
    try {
      if (kept) await this.doors.upload(row, hash, kept.bytes);
      else outcome = t("照片已不在手机里");
    } catch (error) {
      if (!(error instanceof Refusal) || heals(error)) throw error;
      outcome = error.message;
    }
    await write({ sent: { put: [{ ...row, photos: { ...row.photos, [hash]: outcome } }] } });
    await forgetPhotos([hash]);
    this.doors.onChange();
  }

  async #prune() {
    const rows = (await all("sent")).sort(oldestFirst);
    const remove = rows.slice(0, Math.max(0, rows.length - REMEMBERED)).filter((row) => !waitingPhotos(row).length).map(({ id }) => id);
    if (remove.length) await write({ sent: { remove } });
  }
}
