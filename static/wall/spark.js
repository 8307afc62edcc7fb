/** A trend as a line: drawn once, then only its shape is set anew. */

import { svg } from "../shared/dom.js";

const WIDE = 100;
const HIGH = 24;

export class Spark {
  #line = svg("polyline", { class: "spark-line" });
  #area = svg("polygon", { class: "spark-area" });
  element = svg("svg", { class: "spark", viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", "aria-hidden": "true" });

  constructor() {
    this.element.append(this.#area, this.#line);
  }

  /** Show values over time. @param {{at: number, value: number}[]} points in order of time */
  show(points) {
    const shape = shapeOf(points);
    this.#line.setAttribute("points", shape);
    this.#area.setAttribute("points", shape && `0,${HIGH} ${shape} ${WIDE},${HIGH}`);
  }
}

/**
 * Put points into the drawing's box: zero at the bottom, the greatest at the top. Pure.
 * @param {{at: number, value: number}[]} points @returns {string} "" where there is no line to draw
 */
export function shapeOf(points) {
  if (points.length < 2) return "";
  const first = points[0].at;
  const span = Math.max(points[points.length - 1].at - first, 1);
  const most = Math.max(...points.map(({ value }) => value));
  return points.map(({ at, value }) => {
    const x = ((at - first) / span) * WIDE;
    const y = HIGH - 2 - (most > 0 ? (value / most) * (HIGH - 4) : 0);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  }).join(" ");
}
