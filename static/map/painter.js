/**
 * One repaint a frame: whatever arrived since the last one is painted together.
 *
 * Leaves a `zaiqing.painted` performance mark per painted batch, with the ids of its reports and the
 * position reached, once the map has drawn it too: what commit → painted is measured by.
 */

const MARK = "zaiqing.painted";
const MARKS_KEPT = 500;

/** A map that has not drawn by then (its graphics were lost, say) holds up the lists no longer, in ms. */
const PATIENCE_MS = 1_000;
const REST = 2;

export class Painter {
  #asked = false;
  #busy = false;
  #restUntil = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {(diff: import("./store.js").Diff) => Promise<unknown>} paint resolves when it is drawn
   */
  constructor(store, paint) {
    this.store = store;
    this.paint = paint;
  }

  /** Ask for a repaint on the next frame; a screen that draws slowly gets fewer, larger ones. */
  soon() {
    if (this.#asked) return;
    this.#asked = true;
    if (!this.#busy) this.#wait();
  }

  /** Paint what waits now: what is counted or drawn anew afterwards must not meet it again. */
  settle() {
    if (this.store.dirty) this.paint(this.store.take());
  }

  /** Rest for {@link REST} times what the last paint took, so that the reader's own gestures are drawn too. */
  #wait() {
    const rest = this.#restUntil - performance.now();
    if (rest > 0) setTimeout(() => requestAnimationFrame(() => this.#frame()), rest);
    else requestAnimationFrame(() => this.#frame());
  }

  async #frame() {
    const began = performance.now();
    this.#asked = false;
    this.#busy = true;
    try {
      await this.#paint();
    } finally {
      const ended = performance.now();
      this.#restUntil = ended + Math.min(REST * (ended - began), PATIENCE_MS);
      this.#busy = false;
      if (this.#asked) this.#wait();
    }
  }

  async #paint() {
    const { position } = this.store;
    if (this.store.dirty) {
      const diff = this.store.take();
      const reports = diff.moves.filter(({ key }) => key.startsWith("report:")).map(({ key }) => key.slice("report:".length));
      await Promise.race([this.paint(diff), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
      if (reports.length) mark(position, reports);
    }
    document.documentElement.dataset.position = position;
  }
}

function mark(position, reports) {
  if (performance.getEntriesByName(MARK).length >= MARKS_KEPT) performance.clearMarks(MARK);
  performance.mark(MARK, { detail: { position, reports } });
}
