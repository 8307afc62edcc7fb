/**
 * When to send: at every sign of a network, one tab at a time, with patience in between.
 */

import { put } from "../shared/api.js";
import { flush, isFinal, waiting } from "./outbox.js";
import { flushPhotos, forgetIdle } from "./photos.js";

/** Longest pause before the next attempt; the real one is drawn between a half and the whole. */
const PAUSES_MS = [2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/** One tab at a time, where the browser can say so; the server makes two at once harmless. */
const alone = (work) => (navigator.locks ? navigator.locks.request("zaiqing-outbox", work) : work());

export class Sender {
  /** The id of the report in the air. @type {string | null} */
  inFlight = null;
  /** Whether the bureau does not know us any more. */
  signedOut = false;
  /** What holds up the sending, in words; "" when nothing does. */
  trouble = "";

  #attempt = 0;
  #timer = 0;
  #running = null;
  #again = false;

  /** @param {{person: string, delivery: import("./delivery.js").Delivery, changed: () => void}} parts */
  constructor({ person, delivery, changed }) {
    Object.assign(this, { person, delivery, changed });
  }

  /** Send now what waits. @returns {Promise<boolean>} whether nothing waits any more */
  kick() {
    clearTimeout(this.#timer);
    this.#again = Boolean(this.#running);
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run() {
    try {
      do {
        this.#again = false;
        await alone(() => this.#sendAll());
      } while (this.#again);
      this.#attempt = 0;
      this.#tell("", false);
    } catch (error) {
      this.#tell(error.message, error.status === 401);
      if (!this.signedOut) this.#later(error.retry_after_s);
    }
    return (await waiting(this.person)).length === 0;
  }

  async #sendAll() {
    await flush(this.person, (item) => this.delivery.deliver(item), (id) => {
      this.inFlight = id;
      this.changed();
    });
    await flushPhotos(this.person, (path, bytes) => put(path, bytes, "image/jpeg"), isFinal);
    await forgetIdle();
  }

  #tell(trouble, signedOut) {
    Object.assign(this, { trouble, signedOut });
    this.changed();
  }

  #later(retry_after_s = 0) {
    const longest = PAUSES_MS[Math.min(this.#attempt++, PAUSES_MS.length - 1)];
    this.#timer = setTimeout(() => this.kick(), Math.max(retry_after_s * 1000, longest * (0.5 + Math.random() / 2)));
  }
}
