/** How a village is coloured: how far its need is met, or how that differs between two plans. Pure. */

/** The tokens of how far a need is met (shared/tokens.css), from not at all to wholly. */
export const MET = ["met-0", "met-1", "met-2", "met-3", "met-4"];
/** Much less, less, as much, more, much more. */
export const APART = ["met-0", "met-1", "line-strong", "met-3", "met-4"];
/** Ends that a scale may have: fine steps where all get little. */
const ENDS = [0.04, 0.08, 0.2, 0.4, 1];
const LEAST_APART = 0.0005;

/** The share of a village's need that is met; 1 where it needs nothing. */
export const share = ({ need, given }) => (need ? given / need : 1);

/** The end of the scale for shares: what is met wholly has a colour of its own. @param {number[]} shares */
export function endOf(shares) {
  const most = Math.max(0, ...shares.filter((one) => one < 1));
  return ENDS.find((end) => most <= end) ?? 1;
}

/** Which of five steps a share falls into. @param {number} value @param {number} end */
export const stepOf = (value, end) => (value >= 1 ? 4 : Math.min(3, Math.floor((4 * value) / end)));

/** The step of a difference of shares; a half of the widest parts a little from much. @param {number} value @param {number} widest */
export function apart(value, widest) {
  if (Math.abs(value) < LEAST_APART) return 2;
  const much = Math.abs(value) > widest / 2;
  return value < 0 ? (much ? 0 : 1) : much ? 4 : 3;
}

/** Add villages up to their townships. @param {Map<string, {code: string, need: number, given: number}>} villages */
export function townshipsOf(villages) {
  const sums = new Map();
  for (const { code, need, given } of villages.values()) {
    const above = `${code.slice(0, 9)}000`;
    const sum = sums.get(above) ?? { code: above, need: 0, given: 0 };
    sums.set(above, { code: above, need: sum.need + need, given: sum.given + given });
  }
  return sums;
}

const percent = (value) => `${Number((100 * value).toFixed(1))}%`;

/** What each of the five colours means. @param {number} end @returns {string[]} the last is for "wholly" */
export const metWords = (end) => [0, 1, 2, 3].map((at) => `${percent((at * end) / 4)}–${percent(((at + 1) * end) / 4)}`);

/** Bounds of a difference's steps in words of numbers: [much from, a little from]. @param {number} widest */
export const apartWords = (widest) => [percent(widest / 2), percent(widest)];
