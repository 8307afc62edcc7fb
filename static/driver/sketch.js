/** The way that is left, drawn without a base map, so that it is there with no network: north is up. */

import { svg } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const WIDTH = 320;
const HEIGHT = 200;
const RIM = 16;

/**
 * @param {{line: number[][], verdict: string}[]} legs
 * @param {{lon: number, lat: number, name: string, arrived_at: string | null}[]} stops
 * @param {[number, number] | null} here
 */
export function sketch(legs, stops, here) {
  const open = stops.filter(({ arrived_at: at }) => !at);
  const places = [...legs.flatMap(({ line }) => line), ...open.map(({ lon, lat }) => [lon, lat]), ...(here ? [here] : [])];
  if (places.length < 2) return null;
  const at = scale(places);
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "sketch", role: "img", "aria-label": t("剩余路线示意图") });
  for (const { line, verdict } of legs) {
    drawing.append(svg("polyline", { points: line.map((point) => at(point).join(",")).join(" "), class: verdict === "no_dry" || verdict === "no_road" ? "leg wet" : "leg" }));
  }
  for (const { lon, lat, name } of open) {
    const [x, y] = at([lon, lat]);
    const label = svg("text", { x: x > WIDTH / 2 ? x - 9 : x + 9, y: y + 4, class: "name", "text-anchor": x > WIDTH / 2 ? "end" : "start" });
    label.textContent = name;
    drawing.append(svg("circle", { cx: x, cy: y, r: 5, class: "stop" }), label);
  }
  if (here) {
    const [x, y] = at(here);
    drawing.append(svg("circle", { cx: x, cy: y, r: 7, class: "here" }));
  }
  return drawing;
}

/** Fit places into the drawing, a degree of longitude shortened as it is at their latitude. */
function scale(places) {
  const [west, east] = ends(places.map(([x]) => x));
  const [south, north] = ends(places.map(([, y]) => y));
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const size = Math.min((WIDTH - 2 * RIM) / Math.max((east - west) * squeeze, 1e-6), (HEIGHT - 2 * RIM) / Math.max(north - south, 1e-6));
  const left = (WIDTH - (east - west) * squeeze * size) / 2;
  const top = (HEIGHT - (north - south) * size) / 2;
  return ([x, y]) => [round(left + (x - west) * squeeze * size), round(top + (north - y) * size)];
}

const ends = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
const round = (value) => Math.round(value * 10) / 10;
