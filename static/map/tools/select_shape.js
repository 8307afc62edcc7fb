/** Marking a part of the map: a box by dragging, or a polygon corner by corner, by the map's one drawer. */

import { Board } from "../draw/board.js";
import { listenKeys } from "../draw/keys.js";

export class Marker {
  #board;
  #stopKeys;
  #wanted = "rest";

  /** @param {any} map MapLibre's @param {() => void} changed when a shape is finished or taken away */
  constructor(map, changed) {
    this.#board = new Board(map, { changed });
    this.#stopKeys = listenKeys(this.#board, { escape: () => this.#begin(this.#wanted) });
  }

  /** GeoJSON of what is marked; null until it is finished. */
  get shape() {
    return this.#board.mode === "rest" ? this.#board.geometry : null;
  }

  /** Let the reader drag a box. */
  box() {
    this.#begin("box");
  }

  /** Let the reader draw around what is meant, freehand. */
  lasso() {
    this.#begin("lasso");
  }

  /** Let the reader set corners; a double click or Enter ends, Escape begins anew. */
  polygon() {
    this.#begin("polygon");
  }

  /** Take what is being marked away. */
  clear() {
    this.#wanted = "rest";
    this.#board.clear();
  }

  /** Take everything off the map. */
  remove() {
    this.#stopKeys();
    this.#board.remove();
  }

  #begin(mode) {
    this.#wanted = mode;
    this.#board.clear();
    if (mode !== "rest") this.#board.start(mode);
  }
}
