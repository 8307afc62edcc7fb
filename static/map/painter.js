/**
 * One repaint a frame: whatever arrived since the last one is painted together.
 *
 * Leaves a `zaiqing.painted` performance mark per painted batch, with the ids of its reports and the
 * position reached, once the map has drawn it too: what commit → painted is measured by.
 */

const MARK = "zaiqing.painted";
const MARKS_KEPT = 500;

export class Painter {
  #asked = false;

  /**
   * @param {import("./store.js").Store} store
   * @param {(diff: import("./store.js").Diff) => Promise<unknown>} paint resolves when it is drawn
   */
  constructor(store, paint) {
    this.store = store;
    this.paint = paint;
  }

  /** Ask for a repaint on the next frame. */
  soon() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#frame());
  }

  async #frame() {
    this.#asked = false;
    const { position } = this.store;
    const page = document.documentElement.dataset;
    if (this.store.dirty) {
      const diff = this.store.take();
      const reports = diff.moves.filter(({ key }) => key.startsWith("report:")).map(({ key }) => key.slice("report:".length));
      await this.paint(diff);
      if (reports.length) mark(position, reports);
    }
    page.position = Math.max(position, Number(page.position ?? 0));
  }
}

function mark(position, reports) {
  if (performance.getEntriesByName(MARK).length >= MARKS_KEPT) performance.clearMarks(MARK);
  performance.mark(MARK, { detail: { position, reports } });
}
