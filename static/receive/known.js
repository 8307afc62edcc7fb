/** What this phone knows of a village: the server's list, and what was done here since it was fetched. */

/**
 * @typedef {{to: string, application?: string, place?: string, given?: Record<string, number>, taken?: Record<string, number>}} Shown
 * `given` is item → so many the household got, `taken` so many left the place; below nothing for what came back
 * @typedef {{shown: Shown, body?: {document?: string, load?: number}, answer?: {stored_at: string, document: string, load: number}}} Row  a sealed message, or what is kept of one the server has
 */

/** Keep the rows the list does not know of yet. @param {{outbox: Row[], sent: Row[]}} held @param {string} at  when the list was fetched @returns {Row[]} */
export function since({ outbox, sent }, at) {
  const newer = sent.filter(({ answer }) => answer && Date.parse(answer.stored_at) > Date.parse(at));
  return [...outbox, ...newer].filter(({ shown }) => shown.place);
}

/** The loads nobody has signed for yet, as far as this phone knows. @param {{id: string, load: number}[]} loads @param {{outbox: Row[], sent: Row[]}} held @param {string} at  when the loads were fetched */
export function unsigned(loads, held, at) {
  const signed = new Set(since(held, at).map(({ body, answer }) => answer ?? body).map(({ document, load }) => `${document}/${load || 1}`));
  return loads.filter(({ id, load }) => !signed.has(`${id}/${load}`));
}

/** How many of each item a household has still to come. @returns {Record<string, number>} */
export function left(household, rows) {
  const here = sums(rows.filter(({ shown }) => shown.application === household.application), "given");
  return Object.fromEntries(household.goods.map(({ item, granted, given }) => [item, Math.max(0, granted - given - (here[item] ?? 0))]));
}

/** How many of each item a household has got. @returns {Record<string, number>} */
export function got(household, rows) {
  const here = sums(rows.filter(({ shown }) => shown.application === household.application), "given");
  return Object.fromEntries(household.goods.map(({ item, given }) => [item, Math.max(0, given + (here[item] ?? 0))]));
}

/** How many of each item a place has. @returns {Record<string, number>} */
export function stocked(place, rows) {
  const here = sums(rows.filter(({ shown }) => shown.place === place.id), "taken");
  const items = new Set([...Object.keys(place.goods), ...Object.keys(here)]);
  return Object.fromEntries([...items].map((item) => [item, Math.max(0, (place.goods[item] ?? 0) - (here[item] ?? 0))]));
}

/** Whether nothing is to come. @param {Record<string, number>} goods */
export const isDone = (goods) => Object.values(goods).every((quantity) => quantity === 0);

function sums(rows, name) {
  const found = {};
  for (const { shown } of rows) for (const [item, quantity] of Object.entries(shown[name] ?? {})) found[item] = (found[item] ?? 0) + quantity;
  return found;
}
