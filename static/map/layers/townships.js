/** Townships darken with the people affected in them, so that the eye finds the worst first. */

export class TownshipShade {
  #map;
  #places;
  /** @type {Map<string, number>} township code → people affected */
  #affected = new Map();

  /** @param {import("maplibre-gl").Map} map @param {import("../places.js").Places} places */
  constructor(map, places) {
    this.#map = map;
    this.#places = places;
  }

  /** Count all again. @param {any[]} standing @param {(report: any) => boolean} matches */
  recount(standing, matches) {
    const before = new Set(this.#affected.keys());
    this.#affected.clear();
    for (const report of standing) if (matches(report)) before.add(this.#count(report, 1));
    for (const code of before) this.#show(code);
  }

  /** Follow changes. @param {import("../store.js").Standing[]} changes @param {(report: any) => boolean} matches */
  paint(changes, matches) {
    const moved = new Set();
    for (const { before, after } of changes) {
      if (before && matches(before)) moved.add(this.#count(before, -1));
      if (after && matches(after)) moved.add(this.#count(after, 1));
    }
    for (const code of moved) this.#show(code);
  }

  #count(report, sign) {
    const code = this.#places.townshipOf(report.area);
    if (code) this.#affected.set(code, (this.#affected.get(code) ?? 0) + sign * Number(report.figures.affected ?? 0));
    return code;
  }

  #show(code) {
    if (!code || !this.#map.getSource("townships")) return;
    this.#map.setFeatureState(
      { source: "townships", sourceLayer: "townships", id: code },
      { affected: this.#affected.get(code) ?? 0 },
    );
  }
}
