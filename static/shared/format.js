/** Numbers as people read and type them. Pure. */

const FULL_WIDTH = /[０-９．。－]/g;

/**
 * Make what was typed plain: full-width digits, a Chinese full stop, blanks and thousands' commas.
 * @param {string} text
 */
export function plainNumber(text) {
  const narrow = text.replace(FULL_WIDTH, (sign) => (sign === "。" ? "." : String.fromCharCode(sign.charCodeAt(0) - 0xfee0)));
  return narrow.replace(/[\s,,]/g, "");
}

/** "6133.33" without idle zeros. @param {number} value */
export const decimal = (value) => String(Number(value.toFixed(2)));

/** "12 米", "1.2 千米". @param {number} metres @param {(zh: string) => string} t */
export const distance = (metres, t) =>
  metres < 1000 ? `${Math.max(1, Math.round(metres))} ${t("米")}` : `${(metres / 1000).toFixed(1)} ${t("千米")}`;
