/**
 * Names and points of areas. Pure; filled once from `GET /api/areas`.
 *
 * @typedef {{code: string, name: string, level: string, parent: string | null, population: number | null,
 *   lon: number | null, lat: number | null, approximate: boolean}} Area
 */

export class Places {
  /** @type {Map<string, Area>} */
  #areas = new Map();

  /** @param {Area[]} areas */
  constructor(areas = []) {
    for (const area of areas) this.#areas.set(area.code, area);
  }

  /** @param {string} code @returns {Area | undefined} */
  get(code) {
    return this.#areas.get(code);
  }

  /** The area's own name, or its code while unknown. @param {string} code @returns {string} */
  name(code) {
    return this.#areas.get(code)?.name ?? code;
  }

  /** Township and village, as one says it: names of villages repeat. @param {string} code @returns {string} */
  fullName(code) {
    const township = this.townshipOf(code);
    return township && township !== code ? `${this.name(township)} ${this.name(code)}` : this.name(code);
  }

  /**
   * The township an area lies in (or is). @param {string} code @returns {string | undefined}
   */
  townshipOf(code) {
    for (let area = this.#areas.get(code); area; area = this.#areas.get(area.parent)) {
      if (area.level === "township") return area.code;
    }
    return undefined;
  }

  /** All areas of a level, by code. @param {string} level @returns {Area[]} */
  ofLevel(level) {
    return [...this.#areas.values()].filter((area) => area.level === level).sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  /** Whether any point shown is simulated. @returns {boolean} */
  get approximate() {
    return [...this.#areas.values()].some((area) => area.approximate);
  }

  /**
   * Where a report is drawn: its own position, else its village's point.
   * @param {{lon: number | null, lat: number | null, area: string}} report
   * @returns {[number, number] | null}
   */
  pointOf(report) {
    if (Number.isFinite(report.lon) && Number.isFinite(report.lat)) return [report.lon, report.lat];
    const area = this.#areas.get(report.area);
    return area && Number.isFinite(area.lon) && Number.isFinite(area.lat) ? [area.lon, area.lat] : null;
  }

  /**
   * The box to show first: around the villages, since the areas above them are known only by name;
   * around all points where there are no villages. Null without points.
   * @returns {[number, number, number, number] | null} west, south, east, north
   */
  get bounds() {
    return box(this.ofLevel("village")) ?? box(this.#areas.values());
  }
}

/** @param {Iterable<Area>} areas @returns {[number, number, number, number] | null} */
function box(areas) {
  let found = null;
  for (const { lon, lat } of areas) {
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) continue;
    found ??= [lon, lat, lon, lat];
    found = [Math.min(found[0], lon), Math.min(found[1], lat), Math.max(found[2], lon), Math.max(found[3], lat)];
  }
  return found;
}
