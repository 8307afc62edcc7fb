/** The map's own colours, from shared/tokens.css: they change with the look of the page. */

import { colour, onTheme } from "../../shared/colours.js";

const NAMES = ["paper", "ink", "halo", "village-ink", "edge", "village-edge", "dot", "district-edge", "road-rim", "road-great", "road-county", "road-small", "road-ink",
  "shade-0", "shade-1", "shade-2", "shade-3", "shade-4"];

/** Read them. @returns {Record<string, string>} */
export const ground = () => Object.fromEntries(NAMES.map((name) => [name, colour(`map-${name}`)]));

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
    for (const { id, paint: painted = {} } of style().layers) {
      if (!map.getLayer(id)) continue;
      for (const [name, value] of Object.entries(painted)) if (name.includes("color")) map.setPaintProperty(id, name, value);
    }
    document.documentElement.dataset.mapPainted = document.documentElement.dataset.theme ?? "light";
  };
  paint();
  return onTheme(paint);
}
