/**
 * How a sealed report reaches the server: by the open socket, else (or when the socket stays
 * silent) by HTTP with the very same bytes. Both may arrive: the server answers both with one receipt.
 */

import { postText, put, Refused } from "../shared/api.js";

/** How long the socket may take to answer, ms. */
export const PATIENCE_MS = 5_000;

export class Delivery {
  /** @type {Map<string, (message: any) => void>} */
  #asked = new Map();

  /** @param {{send: (text: string) => boolean}} line  the socket */
  constructor(line) {
    this.line = line;
  }

  /** Hear a message of the socket; it may answer a report. @param {any} message */
  hear(message) {
    if (message.type === "report.stored") this.#asked.get(message.id)?.(message);
    else if (message.type === "problem" && message.re) this.#asked.get(message.re)?.(message);
  }

  /**
   * @param {string} frame @param {string} id
   * @returns {Promise<any>} the receipt
   * @throws {Refused} @throws {import("../shared/api.js").Unreachable}
   */
  async submit(frame, id) {
    const answer = (await this.#bySocket(frame, id)) ?? (await postText("/api/reports", frame));
    if (answer.type === "problem") throw new Refused(Number(answer.number.split(".")[0]), answer);
    return answer;
  }

  /** @returns {Promise<any>} null if the socket is closed or silent */
  #bySocket(frame, id) {
    return new Promise((resolve) => {
      if (!this.line.send(frame)) return resolve(null);
      const timer = setTimeout(() => answer(null), PATIENCE_MS);
      const answer = (message) => {
        clearTimeout(timer);
        this.#asked.delete(id);
        resolve(message);
      };
      this.#asked.set(id, answer);
    });
  }

  /** @param {string} id @param {string} hash @param {ArrayBuffer} bytes */
  upload(id, hash, bytes) {
    return put(`/api/reports/${id}/photos/${hash}`, bytes);
  }
}
