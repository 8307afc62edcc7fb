/**
 * Times as the county's clocks show them: Beijing time wherever the phone believes it is.
 * China has had no summer time since 1991, so the offset is a constant.
 */

const BEIJING_MS = 8 * 3600 * 1000;

/** @param {string | number | Date} moment @returns {string} "2026-07-05T15:04", what `<input type="datetime-local">` takes */
export const local = (moment) => new Date(new Date(moment).getTime() + BEIJING_MS).toISOString().slice(0, 16);

/** Read what such an input gives. @param {string} text @returns {string | null} ISO text with its offset */
export function fromLocal(text) {
  const moment = new Date(`${text}+08:00`);
  return Number.isNaN(moment.getTime()) ? null : iso(moment);
}

/** Write a moment with its offset. @param {string | number | Date} moment */
export function iso(moment) {
  const shifted = new Date(new Date(moment).getTime() + BEIJING_MS).toISOString();
  return shifted.replace("Z", "+08:00");
}

/** "07-05 15:04" for people; the year only where it is not this one. @param {string | number | Date | null} moment @param {number} [now] ms */
export function clock(moment, now = Date.now()) {
  if (moment === null || moment === undefined) return "";
  const told = local(moment).replace("T", " ");
  return told.slice(0, 4) === local(now).slice(0, 4) ? told.slice(5) : told;
}
