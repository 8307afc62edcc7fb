/**
 * The server's HTTP door: JSON in, JSON out, refusals as `Refused`, broken lines as `Unreachable`.
 */

import { t } from "./i18n.js";

const TIMEOUT_MS = 30_000;

/** The server understood and said no; fields as in docs/protocol.md "problem". */
export class Refused extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body.message);
    this.status = status;
    this.number = body.number;
    this.errors = body.errors ?? {};
    this.confirm = body.confirm ?? {};
    this.retry_after_s = body.retry_after_s ?? null;
  }
}

/** No answer, or none that comes from us (a hotel's sign-in page, a proxy's error). */
export class Unreachable extends Error {}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => call("GET", path);
/** @param {string} path @param {any} [body] @returns {Promise<any>} */
export const post = (path, body = {}) => call("POST", path, JSON.stringify(body));
/** Send text as it is. @param {string} path @param {string} text @returns {Promise<any>} */
export const postText = (path, text) => call("POST", path, text);
/** Upload bytes. @param {string} path @param {BufferSource | Blob} bytes @returns {Promise<any>} */
export const put = (path, bytes) => call("PUT", path, bytes, "image/jpeg", 4 * TIMEOUT_MS);

/**
 * @param {string} method @param {string} path @param {any} [body]
 * @param {string} [type] @param {number} [timeoutMs]
 */
async function call(method, path, body, type = "application/json", timeoutMs = TIMEOUT_MS) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, { "Content-Type": type, "X-CSRFToken": await csrfToken() });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  let response, answer;
  try {
    response = await fetch(path, { method, body, headers, credentials: "same-origin", signal: stop.signal });
    answer = await response.json();
  } catch {
    throw new Unreachable(t("连不上服务器,请检查网络"));
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return answer;
  if (typeof answer?.number !== "string") throw new Unreachable(t("服务器没有正常应答,请稍后再试"));
  throw new Refused(response.status, answer);
}

/** A page from the service worker brings no cookie: then a page of the server does. */
async function csrfToken() {
  if (!readCsrf()) await fetch("/sign-in/", { credentials: "same-origin" }).catch(() => null);
  return readCsrf();
}

function readCsrf() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
