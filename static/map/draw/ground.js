/** What on the map can be caught while drawing: zones exactly, boundaries and roads as their tiles have them. */

import { linesOf, piecesIn } from "./snap.js";

/** Layers of lines by the beginnings of their names: whoever adds roads to the map adds them here too. */
const LINES = ["townships-edge", "villages-edge", "districts-edge", "roads", "closures"];

/** The outlines of the zones that hold now. @param {any[]} zones their views @returns {[number, number][][]} */
export const outlinesOf = (zones) => zones.filter(({ geometry, state }) => geometry && state === "active").flatMap(({ geometry }) => linesOf(geometry));

/**
 * The pieces of lines that lie near a place on the screen: of the map's own, and of others.
 * @param {any} map MapLibre's @param {[number, number]} pixel @param {number} reach pixels
 * @param {[number, number][][]} others in degrees
 * @returns {[number, number][][]} in degrees
 */
export function linesNear(map, [x, y], reach, others) {
  const layers = map.getLayersOrder().filter((id) => LINES.some((name) => id.startsWith(name)) && map.getLayer(id).type === "line");
  const found = layers.length ? map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers }) : [];
  const [west, south] = map.unproject([x - reach, y + reach]).toArray();
  const [east, north] = map.unproject([x + reach, y - reach]).toArray();
  return [...found.flatMap(({ geometry }) => linesOf(geometry, true)), ...others].flatMap((line) => piecesIn(line, [west, south, east, north]));
}
