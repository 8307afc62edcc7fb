/**
 * One socket to /ws/ that comes back by itself.
 *
 * States: `connecting` → `open` → `down` → `connecting` … and, after close code 4401, `signed-out`
 * for good: only a sign-in helps. Reconnects back off with jitter, so that ten thousand phones do
 * not return in one second; coming online or to the front tries at once. An idle line is pinged,
 * and a line that answers nothing is closed: a phone in a dead spot gets no close event.
 */

/** Longest pause before each further try, in ms; the last one repeats. */
export const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const SIGNED_OUT = 4401;
const IDLE_MS = 15_000;
const DEAD_MS = 10_000;

/** @typedef {"connecting" | "open" | "down" | "signed-out"} State */

/**
 * @param {object} ears
 * @param {(message: any) => void} ears.onMessage  one message of the server, decoded
 * @param {(state: State, code?: number) => void} [ears.onState]
 * @returns {{send: (message: object | string) => boolean, close: () => void, retry: () => void, state: State}}
 */
export function openSocket({ onMessage, onState = () => {} }) {
  let socket = null;
  let state = /** @type {State} */ ("down");
  let tries = 0;
  let timer = 0;
  let heard = 0;
  let closed = false;

  function enter(next, code) {
    state = next;
    onState(next, code);
  }

  function connect() {
    clearTimeout(timer);
    if (closed || (socket && socket.readyState <= WebSocket.OPEN)) return;
    const { protocol, host } = globalThis.location;
    enter("connecting");
    const fresh = new WebSocket(`${protocol === "https:" ? "wss" : "ws"}://${host}/ws/`);
    socket = fresh;
    // A handshake that never ends is a dead line too.
    timer = setTimeout(() => drop(fresh), DEAD_MS);
    fresh.onopen = () => hear(fresh);
    fresh.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      hear(fresh);
      if (state !== "open") enter("open");
      tries = 0;
      onMessage(message);
    };
    fresh.onclose = ({ code }) => lost(fresh, code);
  }

  /** The line is alive: look again when it has been idle. */
  function hear(line) {
    heard = Date.now();
    clearTimeout(timer);
    timer = setTimeout(() => ping(line), IDLE_MS);
  }

  function ping(line) {
    if (line !== socket) return;
    send({ type: "ping", sent_at: new Date().toISOString() });
    timer = setTimeout(() => Date.now() - heard > IDLE_MS && drop(line), DEAD_MS);
  }

  /** Give a line up without waiting for its close event, which may take minutes. */
  function drop(line) {
    line.close();
    lost(line, 1006);
  }

  function lost(line, code) {
    if (line !== socket) return;
    socket = null;
    clearTimeout(timer);
    enter("down", code);
    if (code === SIGNED_OUT) {
      closed = true;
      enter("signed-out", code);
    }
    if (closed) return;
    const most = BACKOFF_MS[Math.min(tries++, BACKOFF_MS.length - 1)];
    timer = setTimeout(connect, most / 2 + (Math.random() * most) / 2);
  }

  function send(message) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(typeof message === "string" ? message : JSON.stringify(message));
    return true;
  }

  function retry() {
    tries = 0;
    connect();
  }

  function close() {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  }

  globalThis.addEventListener?.("online", retry);
  globalThis.document?.addEventListener("visibilitychange", () => document.hidden || retry());
  queueMicrotask(connect);
  return { send, close, retry, get state() { return state; } };
}
