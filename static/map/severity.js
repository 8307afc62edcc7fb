/**
 * How heavy a report is, for its colour and size on the map. Pure.
 *
 * One violet scale from light to dark: red, orange, yellow and blue belong to the four warning
 * levels (突发事件应对法 第六十三条) and never colour a report.
 */

/**
 * Grade a report: `grave` people dead or missing · `heavy` people moved, houses fallen or badly
 * damaged · `light` any other figure · `none` nothing, as in 零报告.
 * @param {{figures?: Record<string, number>}} report @returns {"none" | "light" | "heavy" | "grave"}
 */
export function gradeOf({ figures = {} }) {
  const some = (...keys) => keys.some((key) => Number(figures[key]) > 0);
  if (some(...GRAVE)) return "grave";
  if (some(...HEAVY)) return "heavy";
  return Object.values(figures).some((value) => Number(value) > 0) ? "light" : "none";
}

/** Radius in pixels at the county's zoom: grows with the people affected. @param {{figures?: Record<string, number>}} report */
export function radiusOf({ figures = {} }) {
  return 5 + Math.min(7, 1.6 * Math.log10(1 + Number(figures[AFFECTED] ?? 0)));
}

const AFFECTED = "affected";
const GRAVE = ["dead", "missing"];
const HEAVY = ["relocated", "houses_collapsed_rooms", "houses_severe_rooms"];
