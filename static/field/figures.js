/**
 * Numbers as an officer types them, counted in hundredths: never in floats, where 100 − 99.99 is
 * more than 0.01. Mirrors `canonical_figures` in disaster/reports/checks/figures.py. Pure.
 *
 * @typedef {{zh: string, en: string, check: string, values: Record<string, string>, soft: boolean}} Told
 */

const MU_PER_HECTARE = 15n;
const FULL_WIDTH = /[\uff10-\uff19\uff0c-\uff0e]/g;

const WORDS = {
  unknown_figure: ["没有名为“{key}”的灾情指标", "There is no indicator “{key}”"],
  not_a_number: ["{zh}要填数字", "{en} must be a number"],
  negative: ["{zh}不能是负数(填了 {value})", "{en} can't be negative ({value} given)"],
  too_large: ["{zh}太大,请核对", "{en} is too large; check it"],
  not_whole: ["{zh}要填整数(填了 {value})", "{en} must be a whole number ({value} given)"],
  no_mu: ["{zh}的单位是{unit},不能用亩填写", "{en} can't be given in mu"],
};

/** Tidy what a thumb typed: full-width digits of a Chinese keyboard, blanks, thousands commas. @param {string} text */
export function tidy(text) {
  const narrow = text.replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replaceAll("。", ".");
  return narrow.replace(/[\s,]/g, "");
}

/** The number as it travels, or null if it is none. @param {string} text @returns {number | null} */
export function numberOf(text) {
  const clean = tidy(text);
  return /^[-+]?(\d+\.?\d*|\.\d+)$/.test(clean) ? Number(clean) : null;
}

/**
 * A decimal as numerator and scale: value = digits ÷ 10^scale.
 * @param {string | number} given @returns {{digits: bigint, scale: number} | null}
 */
function read(given) {
  let text = tidy(String(given));
  if (/e/i.test(text)) text = Math.abs(Number(text)) >= 1 ? BigInt(Math.round(Number(text))).toString() : Number(text).toFixed(20);
  const parts = /^([-+]?)(\d*)\.?(\d*)$/.exec(text);
  if (!parts || !(parts[2] + parts[3])) return null;
  const digits = BigInt(parts[2] + parts[3]);
  return { digits: parts[1] === "-" ? -digits : digits, scale: parts[3].length };
}

/** Hundredths, rounded half up. @returns {number} */
function cents({ digits, scale }, divisor = 1n) {
  const below = 10n ** BigInt(scale) * divisor;
  return Number((digits * 200n + below) / (2n * below));
}

/** Hundredths of a number that is known to be one. @param {string | number} given */
export const centsOf = (given) => cents(read(given) ?? { digits: 0n, scale: 0 });

/** Write hundredths for people, without idle zeros: 1250 → "12.5". @param {number} value */
export function plain(value) {
  return (value / 100).toFixed(2).replace(/\.?0+$/, "");
}

/**
 * Bring figures into the form's units, and name those that are no such figure.
 * @param {Record<string, string | number>} figures @param {Record<string, "mu">} units
 * @param {{indicators: any[], too_large: number}} catalogue
 * @returns {{figures: Record<string, number>, errors: Record<string, Told>}} figures in hundredths; errors by field path
 */
export function canonical(figures, units, { indicators, too_large: tooLarge }) {
  const byKey = new Map(indicators.map((row) => [row.key, row]));
  const good = {};
  const errors = {};
  for (const [key, given] of Object.entries(figures)) {
    const row = byKey.get(key);
    const found = row ? judge(row, given, units[key] === "mu", BigInt(tooLarge)) : "unknown_figure";
    if (typeof found === "number") good[key] = found;
    else errors[`figures.${key}`] = about(found, key, row, given);
  }
  for (const key of Object.keys(units)) {
    if (key in figures && byKey.get(key) && !byKey.get(key).accepts_mu) errors[`units.${key}`] = about("no_mu", key, byKey.get(key), "");
  }
  return { figures: good, errors };
}

/** @returns {number | string} hundredths, or the key of what is wrong */
function judge(row, given, mu, tooLarge) {
  const value = read(given);
  if (!value) return "not_a_number";
  if (value.digits < 0n) return "negative";
  const whole = 10n ** BigInt(value.scale);
  if (value.digits >= tooLarge * whole) return "too_large";
  if (row.type === "int" && value.digits % whole) return "not_whole";
  return cents(value, mu && row.accepts_mu ? MU_PER_HECTARE : 1n);
}

function about(check, key, row, given) {
  const [zh, en] = WORDS[check];
  const values = { key, zh: row?.zh ?? key, en: row?.en ?? key, unit: row?.unit ?? "", value: String(given) };
  return { zh, en, check, values, soft: false };
}
