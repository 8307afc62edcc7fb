/** The page's doors to the server and to the reader's language: what static/shared offers, in one place. */

import { get, post } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import { openSocket } from "../shared/socket.js";
import EN from "./en.js";

use(EN);
export { get, post, t };

/** The sentence of a refusal or a failure. @param {any} error @returns {string} */
export function told(error) {
  const [first] = Object.values(error?.errors ?? {});
  return first ?? error?.message ?? String(error);
}

/** Open the socket for a feed. @param {import("./feed.js").Feed} feed */
export function openLine(feed) {
  return openSocket({
    onMessage: (m) => feed.hear(m),
    onState: (s) => (s === "down" ? feed.lost() : s === "connecting" ? feed.connecting() : 0),
  });
}
