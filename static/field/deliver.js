/**
 * How a sealed report reaches the server: by the open socket, else (or when the socket stays
 * silent) by HTTP with the same body. Both may arrive: the server answers both with one receipt.
 */

import { ask, get, post, put, Refusal, Unreachable } from "../shared/api.js";
import { t } from "../shared/i18n.js";

/** How long the socket may take to answer, ms. */
export const PATIENCE_MS = 5_000;
/** What is lost at most when the line breaks: larger photos go in pieces of this size. */
export const PIECE_BYTES = 128 * 1024;
/** How long one piece may take, ms: 128 KB at 2 KB/s. */
const PIECE_PATIENCE_MS = 64_000;

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
   * @param {any} message  report.submit @param {{id: string, by: string}} row
   * @returns {Promise<any>} the receipt
   * @throws {Refusal} @throws {Unreachable}
   */
  async submit(message, { id, by }) {
    const answer = (await this.#bySocket(message, id)) ?? (await this.#byHttp(message, by));
    if (answer.type === "problem") throw new Refusal(answer);
    // A captive portal answers anything with 200: only this report's receipt is one.
    if (answer.type !== "report.stored" || answer.id !== id) throw new Unreachable(t("服务器没有正常回答"));
    return answer;
  }

  async #byHttp(message, by) {
    await this.#still(by);
    return post("/api/reports", message);
  }

  /** Somebody else may have signed in beside us: nothing is filed in a wrong name. */
  async #still(by) {
    if ((await get("/api/me")).person?.id !== by) throw new Refusal({ number: "401.1", message: t("请先登录") });
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

  /** A photo, or a voice note. @param {{id: string, by: string, report?: any}} row @param {string} hash @param {ArrayBuffer} bytes */
  async upload({ id, by, report }, hash, bytes) {
    await this.#still(by);
    const kind = report?.voices?.includes(hash) ? "voice" : "photo";
    if (bytes.byteLength > PIECE_BYTES) return inPieces(`/api/uploads/${hash}?report=${id}&kind=${kind}`, bytes);
    return put(`/api/reports/${id}/${kind}s/${hash}`, bytes, "application/octet-stream");
  }
}

/** Go on from the byte that the server has, whoever sent the ones before it, until it has stored the whole. */
async function inPieces(path, bytes) {
  let { offset, stored } = await get(path);
  while (!stored) {
    // Whole but not stored: an empty piece asks once more.
    const body = bytes.slice(offset, offset + PIECE_BYTES);
    const headers = { "Upload-Offset": String(offset) };
    const options = { body, headers, type: "application/octet-stream", timeout_ms: PIECE_PATIENCE_MS };
    ({ offset, stored } = await ask("PATCH", `${path}&size=${bytes.byteLength}`, options));
  }
}
