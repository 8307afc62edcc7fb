/**
 * New reports for those who hear the page: told politely and gathered, so that a storm does not talk without end.
 */

/** What came within this time, in ms, is told together. */
const GATHER_MS = 4_000;

export class Herald {
  #element;
  #told;
  #waiting = [];

  /**
   * @param {HTMLElement} element a live region
   * @param {(reports: any[]) => string} told what is said of reports, the newest last
   */
  constructor(element, told) {
    this.#element = element;
    this.#told = told;
  }

  /** Hear of changes. @param {import("../store.js").Move[]} moves of reports @param {(report: any) => boolean} matches */
  hear(moves, matches) {
    const born = moves.filter(({ before, after }) => !before && after && matches(after)).map(({ after }) => after);
    if (!born.length) return;
    if (!this.#waiting.length) setTimeout(() => this.#tell(), GATHER_MS);
    this.#waiting.push(...born);
  }

  #tell() {
    this.#element.textContent = this.#told(this.#waiting);
    this.#waiting = [];
  }
}
