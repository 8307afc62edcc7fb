/**
 * One socket to `/ws/` that stays: it reconnects by itself and knows when the line is dead.
 *
 * States told to `onState`: "connecting" → "open" → "down" (with the close code) → "connecting" …
 * "open" means that the server has spoken (welcome), not that a handshake was begun.
 */

/** Longest pause before the next attempt, in ms; the real one is drawn between a half and the whole. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** A silent line is asked after this long, and given up when it stays silent as long again. */
const QUIET_MS = 20_000;
/** How long a handshake may take: a blocked port often just says nothing. */
const HANDSHAKE_MS = 10_000;
/** The one close code that trying again can't heal (realtime/protocol.py). */
export const SIGN_IN_AGAIN = 4401;

/**
 * @typedef {object} Line
 * @property {() => "connecting" | "open" | "down"} state
 * @property {(message: object) => boolean} send  false if the line is not open: nothing was sent
 * @property {() => void} wake  try now rather than after the pause
 * @property {() => void} close  for good
 */

/**
 * @param {object} options
 * @param {(message: any) => void} options.onMessage
 * @param {(state: "connecting" | "open" | "down", code: number) => void} [options.onState]
 * @param {string} [options.url]
 * @param {any} [options.Socket]  a WebSocket class
 * @returns {Line}
 */
export function openSocket({ onMessage, onState = () => {}, url = address(), Socket = WebSocket }) {
  let socket = null;
  let state = "down";
  let attempt = 0;
  let heard = 0;
  let closed = false;
  let timer = 0;
  let pulse = 0;

  function enter(next, code = 0) {
    state = next;
    onState(next, code);
  }

  function connect() {
    clearTimeout(timer);
    if (closed || socket) return;
    enter("connecting");
    const own = (socket = new Socket(url));
    timer = setTimeout(() => lost(own, 1006), HANDSHAKE_MS);
    own.onmessage = ({ data }) => socket === own && hear(data);
    own.onclose = ({ code }) => lost(own, code);
  }

  function hear(data) {
    heard = Date.now();
    const message = JSON.parse(data);
    if (message.type === "welcome" && state !== "open") {
      clearTimeout(timer);
      attempt = 0;
      pulse = setInterval(beat, QUIET_MS / 2);
      enter("open");
    }
    onMessage(message);
  }

  function beat() {
    const quiet = Date.now() - heard;
    if (quiet >= 2 * QUIET_MS) lost(socket, 1006);
    else if (quiet >= QUIET_MS) send({ type: "ping" });
  }

  function lost(own, code) {
    if (own !== socket) return;
    clearTimeout(timer);
    clearInterval(pulse);
    socket = null;
    own.close();
    enter("down", code);
    if (closed || code === SIGN_IN_AGAIN) return;
    const longest = PAUSES_MS[Math.min(attempt++, PAUSES_MS.length - 1)];
    timer = setTimeout(connect, longest * (0.5 + Math.random() / 2));
  }

  function send(message) {
    if (state !== "open") return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  function wake() {
    if (state === "open") send({ type: "ping" });
    else if (state === "down") connect();
  }

  const seen = () => document.visibilityState === "visible" && wake();
  const cut = () => socket && lost(socket, 1006);

  function close() {
    closed = true;
    removeEventListener("online", wake);
    removeEventListener("offline", cut);
    document.removeEventListener("visibilitychange", seen);
    clearTimeout(timer);
    if (socket) lost(socket, 1000);
  }

  addEventListener("online", wake);
  addEventListener("offline", cut);
  document.addEventListener("visibilitychange", seen);
  connect();
  return { state: () => state, send, wake, close };
}

/** The socket's address on the page's own host. */
function address() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`;
}
