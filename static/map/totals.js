/**
 * Sums over the standing versions, kept up to date by differences.
 *
 * Pure. Figures have at most two decimals (hectares, 万元), so sums are kept as whole
 * hundredths: a thousand additions and removals leave no rounding dust.
 *
 * @typedef {import("./store.js").View} View
 * @typedef {import("./store.js").Standing} Standing
 */

export class Totals {
  /** @type {Map<string, number>} indicator key → hundredths */
  #sums = new Map();
  /** @type {Map<string, number>} area code → standing reports */
  #areas = new Map();
  #reports = 0;

  /** @param {(report: View) => boolean} matches which reports count */
  constructor(matches = () => true) {
    this.matches = matches;
  }

  /** Start over with other reports or another filter. @param {Iterable<View>} standing */
  recount(standing) {
    this.#sums.clear();
    this.#areas.clear();
    this.#reports = 0;
    for (const report of standing) this.#count(report, 1);
  }

  /** Follow changes of standing versions. @param {Standing[]} changes */
  apply(changes) {
    for (const { before, after } of changes) {
      if (before) this.#count(before, -1);
      if (after) this.#count(after, 1);
    }
  }

  /** The sum of one indicator, in its unit. @param {string} key @returns {number} */
  sum(key) {
    return (this.#sums.get(key) ?? 0) / 100;
  }

  /** How many standing reports count. */
  get reports() {
    return this.#reports;
  }

  /** In how many villages. */
  get villages() {
    return this.#areas.size;
  }

  #count(report, sign) {
    if (!this.matches(report)) return;
    this.#reports += sign;
    const here = (this.#areas.get(report.area) ?? 0) + sign;
    if (here) this.#areas.set(report.area, here);
    else this.#areas.delete(report.area);
    for (const [key, value] of Object.entries(report.figures ?? {})) {
      this.#sums.set(key, (this.#sums.get(key) ?? 0) + sign * Math.round(Number(value) * 100));
    }
  }
}
