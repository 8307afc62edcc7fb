/**
 * What the bureau says of the village's reports and events: seen, returned, replaced, crossed.
 *
 * Kept on the phone with the position and the epoch it is true for, so that a phone that was off for a
 * month asks for what it missed, and a gap that can't be filled becomes a fresh snapshot.
 */

import { get } from "../shared/api.js";
import { all, keep, recall, write } from "../shared/db.js";

/** What a phone keeps of the feed; shelters and zones are the map's. */
const KEPT = new Set(["report", "event", "notice"]);
const row = (view) => ({ ...view, key: `${view.object}:${view.id}` });
const kept = (views) => views.filter(({ object }) => KEPT.has(object)).map(row);

/** A snapshot that could not be fetched is asked for again after this, while the line is open. */
const RETRY_MS = 5_000;

export class Feed {
  #live = false;
  /** @type {{position: number, epoch: string, person: string} | null} */
  #place = null;
  #work = Promise.resolve();

  /** @param {{person: string, send: (message: object) => void, changed: () => void}} parts */
  constructor({ person, send, changed }) {
    Object.assign(this, { person, send, changed });
  }

  /** Messages are taken one after another: each is written before the next. @param {any} message */
  hear(message) {
    this.#work = this.#work.then(() => this.#take(message)).catch(() => {});
    return this.#work;
  }

  async #take(message) {
    if (message.type === "welcome") return this.#welcome(message);
    if (message.type === "snapshot_needed") return this.#snapshot();
    if (message.type !== "change" || !this.#live) return undefined;
    const fresh = message.changes.filter(({ position }) => position > this.#place.position);
    this.#place = { ...this.#place, position: Math.max(this.#place.position, message.position) };
    const put = kept(fresh.flatMap(({ put }) => put));
    if (!put.length) return keep("feed", this.#place);
    await write({ views: { put }, kv: { put: [{ key: "feed", value: this.#place }] } });
    return this.changed();
  }

  async #welcome({ epoch, person }) {
    this.#live = false;
    if (person !== this.person) return;
    this.#place = (await recall("feed")) ?? null;
    if (this.#place?.epoch !== epoch || this.#place.person !== this.person) await this.#snapshot();
    else this.#resume();
  }

  async #snapshot() {
    this.#live = false;
    const { epoch, position, objects } = await get("/api/feed/snapshot").catch((error) => {
      setTimeout(() => !this.#live && this.hear({ type: "snapshot_needed" }), RETRY_MS * (1 + Math.random()));
      throw error;
    });
    const put = kept(objects);
    const present = new Set(put.map(({ key }) => key));
    const gone = (await all("views")).map(({ key }) => key).filter((key) => !present.has(key));
    this.#place = { epoch, position, person: this.person };
    await write({ views: { put, remove: gone }, kv: { put: [{ key: "feed", value: this.#place }] } });
    this.changed();
    this.#resume();
  }

  #resume() {
    this.#live = true;
    this.send({ type: "feed.resume", since: this.#place.position, epoch: this.#place.epoch });
  }
}
