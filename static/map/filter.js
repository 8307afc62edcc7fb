/**
 * Which reports are asked for: a plain value, kept in the address after `#`.
 *
 * Pure. An empty string means "all".
 *
 * @typedef {{event: string, township: string, hazard: string, kind: string, state: string}} Filter
 */

export const FIELDS = ["event", "township", "hazard", "kind", "state"];
/** Value of `event` for reports that name none. */
export const NO_EVENT = "none";

/** @returns {Filter} everything */
export function everything() {
  return { event: "", township: "", hazard: "", kind: "", state: "" };
}

/** Read a filter from an address; unknown names are ignored. @param {string} hash @returns {Filter} */
export function fromHash(hash) {
  const filter = everything();
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  for (const field of FIELDS) filter[field] = (given.get(field) ?? "").slice(0, 80);
  return filter;
}

/** Write a filter for an address; "" when it asks for everything. @param {Filter} filter @returns {string} */
export function toHash(filter) {
  const given = new URLSearchParams();
  for (const field of FIELDS) if (filter[field]) given.set(field, filter[field]);
  const text = given.toString();
  return text ? `#${text}` : "";
}

/** How many fields narrow the view. @param {Filter} filter @returns {number} */
export const narrowed = (filter) => FIELDS.filter((field) => filter[field]).length;

/**
 * Make the test for one filter. A main hazard (洪涝) lets its sub-hazards (洪涝-山洪) through.
 * @param {Filter} filter
 * @param {(area: string) => string | undefined} townshipOf the township's code of any area below it
 * @returns {(report: any) => boolean}
 */
export function matcher(filter, townshipOf) {
  return (report) =>
    (!filter.event || (filter.event === NO_EVENT ? !report.event : report.event === filter.event)) &&
    (!filter.township || townshipOf(report.area) === filter.township) &&
    (!filter.hazard || report.hazard === filter.hazard || report.hazard.startsWith(`${filter.hazard}.`)) &&
    (!filter.kind || report.kind === filter.kind) &&
    (!filter.state || report.state === filter.state);
}
