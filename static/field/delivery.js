/**
 * Bringing one report to the bureau: by the socket, by HTTP where the socket does not open or answer.
 *
 * Both carry the same message; the report's id makes a second arrival harmless, so it is safe to ask
 * again by the other way.
 */

import { ask, Refusal, Unreachable } from "../shared/api.js";
import { iso } from "../shared/time.js";

const SOCKET_OPENS_MS = 5_000;
const ANSWER_MS = 15_000;

export class Delivery {
  /** @type {Map<string, {resolve: (receipt: any) => void, reject: (error: Error) => void}>} */
  #asked = new Map();
  /** @type {Set<() => void>} */
  #opening = new Set();

  /**
   * @param {{state: () => string, send: (message: object) => boolean, wake: () => void}} line
   * @param {{post?: typeof ask, wait?: (ms: number, work: () => void) => void}} [doors]
   */
  constructor(line, { post = ask, wait = (ms, work) => setTimeout(work, ms) } = {}) {
    Object.assign(this, { line, post, wait });
  }

  /** @param {any} message of the socket */
  hear(message) {
    if (message.type === "report.stored") this.#asked.get(message.id)?.resolve(message);
    else if (message.type === "problem" && message.re) this.#asked.get(message.re)?.reject(new Refusal(message));
  }

  /** The socket is open. */
  opened() {
    for (const go of this.#opening) go();
  }

  /** The socket is gone: what was asked will not be answered there. */
  lost() {
    for (const { reject } of this.#asked.values()) reject(new Unreachable("socket"));
  }

  /**
   * @param {{id: string, person: string, report: any}} item
   * @returns {Promise<any>} the receipt
   */
  async deliver(item) {
    try {
      if (await this.#socketOpen()) return await this.#bySocket(item);
    } catch (error) {
      if (error instanceof Refusal) throw error;
    }
    return this.#byHttp(item);
  }

  #socketOpen() {
    if (this.line.state() === "open") return true;
    this.line.wake();
    return new Promise((resolve) => {
      const done = () => {
        this.#opening.delete(done);
        resolve(this.line.state() === "open");
      };
      this.#opening.add(done);
      this.wait(SOCKET_OPENS_MS, done);
    });
  }

  #bySocket({ id, report }) {
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.wait(ANSWER_MS, () => reject(new Unreachable("no answer")));
      if (!this.line.send(frame(report))) reject(new Unreachable("socket"));
    }).finally(() => this.#asked.delete(id));
  }

  /** A captive portal answers anything with "200": only a receipt for this very id counts. */
  async #byHttp({ id, person, report }) {
    const me = await this.post("GET", "/api/me");
    if (me.person?.id !== person) throw new Refusal({ number: "401.1", message: "" });
    const receipt = await this.post("POST", "/api/reports", { body: JSON.stringify(frame(report)) });
    if (receipt.type !== "report.stored" || receipt.id !== id) throw new Unreachable("not a receipt");
    return receipt;
  }
}

/** `sent_at` is the phone's clock as the frame leaves. @param {any} report */
const frame = (report) => ({ type: "report.submit", report, sent_at: iso(Date.now()) });
