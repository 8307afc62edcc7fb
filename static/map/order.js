/**
 * Reports in the order of the list, newest first, kept sorted by differences. Pure.
 *
 * A new report nearly always belongs at the top, so the place is searched from there.
 */

import { newestFirst } from "./store.js";

export class Order {
  /** @type {import("./store.js").View[]} */
  rows = [];

  /** Start over. @param {import("./store.js").View[]} reports */
  reset(reports) {
    this.rows = [...reports].sort(newestFirst);
  }

  /**
   * Follow changes; rows that no longer match leave.
   * @param {import("./store.js").Move[]} moves moves of reports only
   * @param {(report: any) => boolean} matches
   * @returns {number} rows that came in at the very top
   */
  apply(moves, matches) {
    const leaving = new Set();
    const coming = [];
    for (const { before, after } of moves) {
      if (before) leaving.add(before.id);
      if (after && matches(after)) coming.push(after);
    }
    const first = this.rows[0];
    if (leaving.size) this.rows = this.rows.filter(({ id }) => !leaving.has(id));
    coming.sort(newestFirst);
    this.rows = merge(coming, this.rows);
    if (!first) return this.rows.length;
    return Math.max(0, this.rows.findIndex(({ id }) => id === first.id));
  }
}

function merge(coming, rows) {
  if (!coming.length) return rows;
  const merged = [];
  let at = 0;
  let next = 0;
  while (at < rows.length && next < coming.length) {
    merged.push(newestFirst(coming[next], rows[at]) < 0 ? coming[next++] : rows[at++]);
  }
  return merged.concat(coming.slice(next), rows.slice(at));
}
