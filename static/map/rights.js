/** What the reader's posts allow, as far as the page shows or hides a button. The server decides. Pure. */

/** Who works at a desk (people/scope.py: report.review, zone.draw, zone.lift). */
export const DESK = ["reviewer", "coordinator"];
/** Who sees what is owed (people/scope.py: duty.see). */
export const DUTY = [...DESK, "leader", "auditor"];

/** @param {any} me from `GET /api/me` @param {string[]} roles */
export const holds = (me, roles) => me.posts.some(({ role }) => roles.includes(role));

/** In which areas the reader holds one of some roles. @param {any} me @param {string[]} roles @returns {(area: string) => boolean} */
export function holdsAt(me, roles) {
  const prefixes = me.posts.filter(({ role }) => roles.includes(role)).map(({ area }) => prefixOf(area));
  return (area) => prefixes.some((prefix) => area.startsWith(prefix));
}

/** Cut the padding off a 12-digit code by its blocks: 2, 2, 2, 3, 3. @param {string} code */
function prefixOf(code) {
  const ends = [0, 2, 4, 6, 9, 12];
  for (let at = 5; at > 0; at -= 1) if (/[1-9]/.test(code.slice(ends[at - 1], ends[at]))) return code.slice(0, ends[at]);
  return "";
}
