/** What on the map can be caught while drawing: zones exactly, boundaries and roads as their tiles have them. */

import { linesOf } from "./snap.js";

/** Layers of lines by the beginnings of their names: whoever adds roads to the map adds them here too. */
const LINES = ["townships-edge", "villages-edge", "districts-edge", "roads", "closures"];

/**
 * Lines near a place on the screen.
 * @param {any} map MapLibre's @param {{x: number, y: number}} pixel @param {number} reach pixels
 * @param {any[]} zones views of the zones shown
 * @returns {[number, number][][]} in degrees
 */
export function linesNear(map, { x, y }, reach, zones) {
  const layers = map.getLayersOrder().filter((id) => LINES.some((name) => id.startsWith(name)) && map.getLayer(id).type === "line");
  const found = layers.length ? map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers }) : [];
  const [west, south] = map.unproject([x - reach, y + reach]).toArray();
  const [east, north] = map.unproject([x + reach, y - reach]).toArray();
  const near = (line) => line.some(([lon], at) => at && Math.max(lon, line[at - 1][0]) >= west && Math.min(lon, line[at - 1][0]) <= east)
    && line.some(([, lat], at) => at && Math.max(lat, line[at - 1][1]) >= south && Math.min(lat, line[at - 1][1]) <= north);
  return [
    ...found.flatMap(({ geometry }) => linesOf(geometry, true)),
    ...zones.filter(({ geometry, state }) => geometry && state === "active").flatMap(({ geometry }) => linesOf(geometry)),
  ].filter(near);
}
