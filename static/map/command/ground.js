/** The map's own colours, from shared/tokens.css: they change with the look of the page. */

import { colour, onTheme } from "../../shared/colours.js";

const NAMES = ["paper", "ink", "halo", "village-ink", "edge", "village-edge", "dot", "district-edge", "road-rim", "road-great", "road-county", "road-small", "road-ink",
  "shade-0", "shade-1", "shade-2", "shade-3", "shade-4"];

const BASE = ["earth", "green", "water", "building", "road", "border"];

/** Read them. @returns {Record<string, string>} */
export const ground = () => Object.fromEntries(NAMES.map((name) => [name, colour(`map-${name}`)]));

/** Those of a vector base map. @returns {Record<string, string>} */
export const baseGround = () => Object.fromEntries(BASE.map((name) => [name, colour(`base-${name}`)]));

/** The light and shade of the relief, as a layer's paint. */
export const relief = () => ({
  "hillshade-shadow-color": colour("relief-shade"), "hillshade-highlight-color": colour("relief-light"), "hillshade-accent-color": colour("relief-accent"),
});

/**
 * Give layers that are on a map the colours they are written in.
 * @param {any} map MapLibre's @param {{id: string, paint?: Record<string, any>}[]} layers those that are not there are left out
 */
export function repaint(map, layers) {
  for (const { id, paint = {} } of layers) {
    if (!map.getLayer(id)) continue;
    for (const [name, value] of Object.entries(paint)) if (name.includes("color")) map.setPaintProperty(id, name, value);
  }
}

/**
 * Paint what a layer of live things drew in the colours of now, and anew whenever the look changes, as long as the map is there.
 * @param {any} map MapLibre's
 * @param {() => Record<string, Record<string, any>>} looks layer → its paint, in the colours of now
 */
export function followLook(map, looks) {
  const paint = () => {
    for (const [id, painted] of Object.entries(looks())) for (const [name, value] of Object.entries(painted)) map.setPaintProperty(id, name, value);
  };
  paint();
  map.once("remove", onTheme(paint));
}

/**
 * Paint a map's ground anew whenever the look changes.
 * @param {any} map MapLibre's
 * @param {() => {layers: any[]}} style writes the style with the colours of now
 * @returns {() => void} follow it no more
 */
export function followTheme(map, style) {
  const paint = () => {
    repaint(map, style().layers);
    document.documentElement.dataset.mapPainted = document.documentElement.dataset.theme ?? "light";
  };
  paint();
  return onTheme(paint);
}
