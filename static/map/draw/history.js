/** What was before, to undo and do again. Pure. */

/** Steps that can be undone. */
const STEPS = 200;
/** Steps kept through a reload, so that a large shape does not fill the browser's store. */
const KEPT = 30;

/** @template S */
export class History {
  /** @type {S[]} */
  #past = [];
  /** @type {S[]} */
  #coming = [];

  /** @param {S} present @param {S[]} [past] */
  constructor(present, past = []) {
    this.present = present;
    this.#past = past;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#coming.length > 0;
  }

  /** Become something else; what was undone is forgotten. @param {S} next @returns {boolean} whether it is something else */
  push(next) {
    if (next === this.present) return false;
    this.#past = [...this.#past.slice(1 - STEPS), this.present];
    this.#coming = [];
    this.present = next;
    return true;
  }

  /** @returns {boolean} */
  undo() {
    if (!this.canUndo) return false;
    this.#coming.push(this.present);
    this.present = this.#past.pop();
    return true;
  }

  /** @returns {boolean} */
  redo() {
    if (!this.canRedo) return false;
    this.#past.push(this.present);
    this.present = this.#coming.pop();
    return true;
  }

  toJSON() {
    return { present: this.present, past: this.#past.slice(-KEPT) };
  }
}
