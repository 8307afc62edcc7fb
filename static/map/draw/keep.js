/** An unfinished drawing, kept in this tab through a reload or a closed panel; one for each person. */

export class Keep {
  #key;

  /** @param {string} tool @param {string} person */
  constructor(tool, person) {
    this.#key = `zaiqing.${tool}.${person}`;
  }

  /** @returns {any} null when there is none */
  get() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {any} work */
  set(work) {
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(work));
    } catch {
      // The browser's store is full or forbidden: the drawing goes on, only a reload would lose it.
    }
  }

  clear() {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing was kept.
    }
  }
}
