/**
 * Rows that are kept and only rewritten: a board that is painted for days makes no new elements.
 */

import { el, say } from "../map/dom.js";

export class Rows {
  #rows = [];

  /**
   * @param {HTMLElement} list  where the rows go
   * @param {number} most  rows shown at most
   * @param {() => {element: HTMLElement, show: (item: any) => void}} make
   * @param {string} nothing  what is said when there are none
   */
  constructor(list, most, make, nothing) {
    this.most = most;
    this.empty = el("p.nothing", {}, nothing);
    for (let at = 0; at < most; at += 1) this.#rows.push(make());
    list.append(...this.#rows.map(({ element }) => element), this.empty);
    this.show([]);
  }

  /** Show items. @param {any[]} items */
  show(items) {
    this.#rows.forEach(({ element, show }, at) => {
      element.hidden = at >= items.length;
      if (at < items.length) show(items[at]);
    });
    this.empty.hidden = items.length > 0;
  }
}

/** A row of texts: one cell for each class. @param {string} tag @param {string[]} classes @param {(item: any) => Record<string, string>} tell class → text; `state` goes to the row */
export function textRow(tag, classes, tell) {
  const cells = Object.fromEntries(classes.map((name) => [name, el(`span.${name}`)]));
  const element = el(tag, {}, ...Object.values(cells));
  return {
    element,
    show(item) {
      const told = tell(item);
      for (const [name, cell] of Object.entries(cells)) say(cell, told[name] ?? "");
      if (told.state !== undefined) element.dataset.state = told.state;
    },
  };
}
