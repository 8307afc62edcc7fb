/**
 * Snapshot plus changes: keeps the store equal to what the server would show now.
 *
 * Pure but for its two doors: `fetchSnapshot` (HTTP) and `send` (the socket). The rule of resync
 * (docs/protocol.md): resume since the position we have; what can't be resumed is replaced whole by
 * a fresh snapshot; nothing is ever applied in part.
 *
 * Phases: `down` no socket · `connecting` a socket opens · `loading` a snapshot is fetched ·
 * `catching` resumed, missed changes arrive · `live` everything up to now is here.
 */

/** Pause before a failed snapshot is asked for again, in ms: doubles up to the last. */
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
/** Silence after which the server is asked for a pong, in ms. */
const QUIET_MS = 8_000;

export class Feed {
  phase = "connecting";
  /** When the line was lost, ms since 1970; null from when all is here again. */
  lostAt = null;
  /** When the server was last heard, ms since 1970; 0 before its first word. */
  heard = 0;

  #attempt = 0;
  #generation = 0;
  #target = 0;
  #areas = null;

  /**
   * @param {object} doors
   * @param {import("./store.js").Store} doors.store
   * @param {() => Promise<{epoch: string, position: number, objects: any[]}>} doors.fetchSnapshot
   * @param {(message: object) => void} doors.send
   * @param {() => void} doors.onChange  something is to be painted: objects or phase
   * @param {() => void} doors.onRightsChanged  the reader sees other areas than before
   * @param {() => number} [doors.clock]  ms since 1970
   * @param {(work: () => void, ms: number) => void} [doors.later]
   */
  constructor({ store, fetchSnapshot, send, onChange, onRightsChanged, clock = Date.now, later = setTimeout }) {
    Object.assign(this, { store, fetchSnapshot, send, onChange, onRightsChanged, clock, later: (work, ms) => later(work, ms) });
  }

  /** The socket is opening. */
  connecting() {
    this.#enter("connecting");
  }

  /** The socket is gone; what is shown may be old from now on. */
  lost() {
    this.#generation += 1;
    this.lostAt ??= this.clock();
    this.#enter("down");
  }

  /** Hear one message of the server. @param {any} message */
  hear(message) {
    this.heard = this.clock();
    if (message.type === "welcome") this.#welcome(message);
    else if (message.type === "change") this.#change(message);
    else if (message.type === "snapshot_needed") this.#load();
    else if (message.type === "pong") this.#pong(message);
  }

  /** Ask a line that has been silent whether it lives; called every few seconds. */
  beat() {
    if (this.phase !== "down" && this.phase !== "connecting" && this.clock() - this.heard >= QUIET_MS) this.send({ type: "ping" });
  }

  #enter(phase) {
    this.phase = phase;
    if (phase === "live") this.lostAt = null;
    this.onChange();
  }

  #welcome({ epoch, position, areas }) {
    const seen = String(areas);
    // Changes are only ours while our areas are: others need other names, other totals, all anew.
    if (this.#areas !== null && seen !== this.#areas) this.onRightsChanged();
    this.#areas = seen;
    this.#target = position;
    this.#attempt = 0;
    if (this.store.epoch === epoch) this.#resume();
    else this.#load();
  }

  /** The server answers with every change missed, at least with an empty frame that says "that is all". */
  #resume() {
    this.#enter("catching");
    this.send({ type: "feed.resume", since: this.store.position, epoch: this.store.epoch });
  }

  async #load() {
    const generation = ++this.#generation;
    this.#enter("loading");
    let snapshot;
    try {
      snapshot = await this.fetchSnapshot();
    } catch {
      if (generation !== this.#generation) return;
      const pause = RETRY_MS[Math.min(this.#attempt++, RETRY_MS.length - 1)];
      this.later(() => generation === this.#generation && this.#load(), pause);
      return;
    }
    if (generation !== this.#generation) return;
    this.store.replace(snapshot);
    this.#resume();
  }

  #change({ position, changes }) {
    // Frames sent before a snapshot was asked for may still arrive: they are part of it.
    if (this.phase !== "catching" && this.phase !== "live") return;
    for (const change of changes) {
      if (change.position <= this.store.position) continue;
      this.store.put(change.put);
      this.store.position = change.position;
    }
    this.store.position = Math.max(this.store.position, position);
    this.#settle();
    this.onChange();
  }

  /** Only a live line has been sent everything up to the pong's position: before, it may overtake the changes. */
  #pong({ position }) {
    if (this.phase === "live") this.store.position = Math.max(this.store.position, position);
    this.onChange();
  }

  #settle() {
    if (this.phase === "catching" && this.store.position >= this.#target) this.#enter("live");
  }
}
