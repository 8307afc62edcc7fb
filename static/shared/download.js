/** Asking for a file: what comes is saved by the browser, what is refused is an error one can read. */

import { Refusal, Unreachable } from "./api.js";
import { t } from "./i18n.js";

/**
 * Ask for a file by POST and hand it to the reader.
 * @param {string} path
 * @param {any} body  sent as JSON
 * @returns {Promise<string>} the file's name
 */
export async function download(path, body) {
  const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), credentials: "same-origin", cache: "no-store" })
    .catch(() => { throw new Unreachable(t("网络不通")); });
  if (!response.ok) {
    const told = await response.json().catch(() => null);
    throw told?.number ? new Refusal(told) : new Unreachable(t("服务器没有正常回答") + ` (${response.status})`);
  }
  const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "export");
  const address = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}
