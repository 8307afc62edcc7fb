/** The page's doors to the server and to the reader's language: what static/shared offers, in one place. */

import { get, post, put as send, remove } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import { openSocket } from "../shared/socket.js";
import EN from "./en.js";

use(EN);
export { get, post, remove, t };

/** @param {string} path @param {any} body sent as JSON */
export const put = (path, body) => send(path, JSON.stringify(body), "application/json");

/** Close codes of the server (docs/protocol.md): the session ended; the reader's rights changed. */
const SIGN_IN_AGAIN = 4401;
const RIGHTS_CHANGED = 4409;

/** The sentence of a refusal or a failure. @param {any} error @returns {string} */
export function told(error) {
  const [first] = Object.values(error?.errors ?? {});
  return first ?? error?.message ?? String(error);
}

/**
 * Open the socket for a feed.
 * @param {import("./feed.js").Feed} feed
 * @param {{onSignedOut: () => void, onRightsChanged: () => void}} ears
 * @returns {{send: (message: object) => boolean}}
 */
export function openLine(feed, { onSignedOut, onRightsChanged }) {
  return openSocket({
    onMessage: (message) => feed.hear(message),
    onState(state, code) {
      if (state === "connecting") feed.connecting();
      else if (state === "down") feed.lost();
      if (code === SIGN_IN_AGAIN) onSignedOut();
      if (code === RIGHTS_CHANGED) onRightsChanged();
    },
  });
}
