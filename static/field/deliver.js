/**
 * How a sealed report reaches the server: by the open socket, else (or when the socket stays
 * silent) by HTTP with the same body. Both may arrive: the server answers both with one receipt.
 */

import { post, put, Refusal } from "../shared/api.js";

/** How long the socket may take to answer, ms. */
export const PATIENCE_MS = 5_000;

export class Delivery {
  /** @type {Map<string, (answer: any) => void>} */
  #asked = new Map();

  /** @param {() => {send: (message: object) => boolean}} line  the socket */
  constructor(line) {
    this.line = line;
  }

  /** Hear a message of the socket; it may answer a report. @param {any} message */
  hear(message) {
    const id = message.type === "report.stored" ? message.id : message.type === "problem" ? message.re : null;
    if (id) this.#asked.get(id)?.(message);
  }

  /** The socket is gone: whoever waits for its answer goes on by HTTP. */
  lost() {
    for (const answer of this.#asked.values()) answer(null);
  }

  /**
   * @param {any} message  report.submit @param {string} id
   * @returns {Promise<any>} the receipt
   * @throws {Refusal} @throws {import("../shared/api.js").Unreachable}
   */
  async submit(message, id) {
    const answer = (await this.#bySocket(message, id)) ?? (await post("/api/reports", message));
    if (answer.type === "problem") throw new Refusal(answer);
    return answer;
  }

  /** @returns {Promise<any>} null if the socket is closed, silent, or lost meanwhile */
  #bySocket(message, id) {
    return new Promise((resolve) => {
      if (!this.line().send(message)) return resolve(null);
      const answer = (told) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(told);
      };
      const timer = setTimeout(() => answer(null), PATIENCE_MS);
      this.#asked.set(id, answer);
    });
  }

  /** @param {string} id @param {string} hash @param {ArrayBuffer} bytes */
  upload(id, hash, bytes) {
    return put(`/api/reports/${id}/photos/${hash}`, bytes, "image/jpeg");
  }
}
