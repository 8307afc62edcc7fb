/** The map's own colours, from shared/tokens.css: they change with the look of the page. */

import { colour, onTheme } from "../../shared/colours.js";

const NAMES = ["paper", "ink", "halo", "village-ink", "edge", "village-edge", "dot", "district-edge", "road-rim", "road-great", "road-county", "road-small", "road-ink",
  "shade-0", "shade-1", "shade-2", "shade-3", "shade-4"];

/** Read them. @returns {Record<string, string>} */
export const ground = () => Object.fromEntries(NAMES.map((name) => [name, colour(`map-${name}`)]));

/**
 * Paint a map anew whenever the look changes.
 * @param {any} map MapLibre's
 * @param {() => {layers: any[]}} style writes the style with the colours of now
 */
export function followTheme(map, style) {
  const paint = () => {
    for (const { id, paint: painted = {} } of style().layers) {
      if (!map.getLayer(id)) continue;
      for (const [name, value] of Object.entries(painted)) if (name.includes("color")) map.setPaintProperty(id, name, value);
    }
    if (map.getLayer("reports")) map.setPaintProperty("reports", "circle-color", ["case", ["==", ["get", "state"], "returned"], colour("surface"), gravity()]);
    document.documentElement.dataset.mapPainted = document.documentElement.dataset.theme ?? "light";
  };
  paint();
  return onTheme(paint);
}

/** A report's colour by its gravity, as the legend has it. */
const gravity = () => ["match", ["get", "grade"], "grave", colour("gravity-3"), "heavy", colour("gravity-2"), "light", colour("gravity-1"), colour("gravity-0")];
