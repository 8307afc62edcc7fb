/**
 * Figures counted exactly, in hundredths: the server counts in decimals, and 100 − 99.99 must not be
 * more than 0.01. Pure.
 */

import { plainNumber } from "../shared/format.js";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Read a figure as it was typed.
 * @param {string | number} typed
 * @param {{type: "int" | "dec2", mu: boolean, tooLarge: number, muPerHectare: number}} how
 * @returns {{cents: number, fault: ""} | {cents: null, fault: "not_a_number" | "negative" | "too_large" | "not_whole"}}
 */
export function read(typed, { type, mu, tooLarge, muPerHectare }) {
  let text = plainNumber(String(typed));
  if (!NUMBER.test(text)) return { cents: null, fault: "not_a_number" };
  const value = Number(text);
  if (value < 0) return { cents: null, fault: "negative" };
  if (value >= tooLarge) return { cents: null, fault: "too_large" };
  if (/e/i.test(text)) text = value.toFixed(12);
  const [whole, fraction = ""] = text.replace("+", "").split(".");
  if (type === "int") {
    return /[1-9]/.test(fraction) ? { cents: null, fault: "not_whole" } : { cents: Number(whole) * 100, fault: "" };
  }
  const above = BigInt(whole + fraction || "0") * 100n;
  const below = 10n ** BigInt(fraction.length) * (mu ? BigInt(muPerHectare) : 1n);
  return { cents: Number((2n * above + below) / (2n * below)), fault: "" }; // half up
}

/** Write hundredths for people. @param {number} cents */
export const shown = (cents) => String(cents / 100);
