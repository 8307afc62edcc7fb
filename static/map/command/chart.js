/** Small drawings of numbers as inline SVG; each says in words what it shows, and the numbers stand beside it in a table. */

import { svg } from "../../shared/dom.js";
import { number } from "../format.js";

const [WIDE, HIGH, LEFT, LOW] = [360, 150, 66, 22];

/** A round number at or above a value: 1, 2 or 5 times a power of ten. @param {number} value @returns {number} */
export function roundUp(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((part) => part * power).find((round) => round >= value);
}

/**
 * A line of values over time.
 * @param {{values: number[], labels: [string, string], title: string}} given `labels`: of the first and last value
 * @returns {SVGElement}
 */
export function line({ values, labels, title }) {
  const top = roundUp(Math.max(...values));
  const x = (at) => LEFT + (at / Math.max(1, values.length - 1)) * (WIDE - LEFT - 8);
  const y = (value) => 8 + (1 - value / top) * (HIGH - LOW - 8);
  const path = values.map((value, at) => `${at ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  return svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "chart", role: "img", "aria-label": title },
    svg("title", {}, title),
    ...[0, top / 2, top].flatMap((value) => [
      svg("line", { class: "grid", x1: LEFT, x2: WIDE - 8, y1: y(value), y2: y(value) }),
      svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, number(value))]),
    svg("path", { class: "under", d: `${path}L${x(values.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z` }),
    svg("path", { class: "curve", d: path }),
    svg("circle", { class: "end", cx: x(values.length - 1), cy: y(values[values.length - 1]), r: 4 }),
    svg("text", { x: LEFT, y: HIGH - 4 }, labels[0]), svg("text", { x: WIDE - 8, y: HIGH - 4, "text-anchor": "end" }, labels[1]));
}

/** A bar as long as a share. @param {number} share 0 to 1 @returns {SVGElement} */
export const bar = (share) => svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", class: "bar", "aria-hidden": "true" },
  svg("rect", { width: Math.max(share * 100, share > 0 ? 1 : 0).toFixed(1), height: 8, rx: 1 }));
