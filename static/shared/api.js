/**
 * The same-origin JSON API: `get`, `post`, `put`, and problems as errors one can read.
 *
 * What the server refuses becomes a {@link Refusal} with its number and words. All else that goes
 * wrong (no network, a time-out, a captive portal's page) is a {@link Unreachable}: try again later.
 */

import { t } from "./i18n.js";

/** A numbered refusal by the server: `number` "400.2", `errors` field → sentence, `confirm` field → check key. */
export class Refusal extends Error {
  /** @param {{number: string, message: string, errors?: Record<string, string>, confirm?: Record<string, string>, retry_after_s?: number}} told */
  constructor(told) {
    super(told.message);
    this.number = told.number;
    this.status = Number.parseInt(told.number, 10);
    this.errors = told.errors ?? {};
    this.confirm = told.confirm ?? {};
    this.retry_after_s = told.retry_after_s;
  }
}

/** No answer of ours arrived. */
export class Unreachable extends Error {}

/** The token that unsafe requests carry. Absent in a service worker, which passes its own. */
const csrfCookie = () => globalThis.document?.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: BodyInit, type?: string, timeout_ms?: number, csrf?: string, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the JSON answer
 */
export async function ask(method, path, { body, type = "application/json", timeout_ms = 20_000, csrf = csrfCookie(), headers: more = {}, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...more };
  if (body !== undefined && type) headers["Content-Type"] = type;
  if (method !== "GET") headers["X-CSRFToken"] = csrf;
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), timeout_ms);
  signal?.addEventListener("abort", () => cut.abort());
  try {
    const response = await fetch(path, { method, headers, body, signal: cut.signal, credentials: "same-origin", cache: "no-store" });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null && !response.redirected) return answer;
    if (answer?.number) throw new Refusal(answer);
    throw new Unreachable(t("服务器没有正常回答") + ` (${response.status})`);
  } catch (error) {
    if (error instanceof Refusal || error instanceof Unreachable) throw error;
    throw new Unreachable(t("网络不通"));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} path @param {{signal?: AbortSignal}} [options] */
export const get = (path, options = {}) => ask("GET", path, options);

/** Take something away. @param {string} path */
export const remove = (path) => ask("DELETE", path);

/** @param {string} path @param {any} [body] sent as JSON @param {{signal?: AbortSignal}} [options] */
export const post = (path, body, options = {}) => ask("POST", path, { body: body === undefined ? undefined : JSON.stringify(body), ...options });

/** @param {string} path @param {BodyInit} body @param {string} type @param {{csrf?: string}} [options] */
export const put = (path, body, type, options = {}) => ask("PUT", path, { body, type, timeout_ms: 120_000, ...options });
