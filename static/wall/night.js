/** The wall's map in the dark: the same ground, calmer paint than the live map's dark one. */

import { colour } from "../shared/colours.js";

/** The paint of each layer. */
function looks() {
  const [ground, ink, soft, line, strong] = ["map-ground", "ink", "ink-soft", "line", "line-strong"].map(colour);
  const named = { "text-color": ink, "text-halo-color": ground };
  const dotted = { "circle-color": strong, "circle-stroke-color": ground };
  return {
    paper: { "background-color": ground },
    "townships-fill": { "fill-color": shade() },
    "townships-edge": { "line-color": strong },
    "villages-edge": { "line-color": line },
    "villages-dot": dotted,
    "districts-edge": { "line-color": line },
    "districts-dot": { "circle-color": strong },
    "roads-rim": { "line-color": ground },
    roads: { "line-color": line },
    "roads-names": { "text-color": soft, "text-halo-color": ground },
    "villages-names": named,
    "districts-names": named,
    "township-points-names": named,
    "zones-rim": { "line-color": ground },
  };
}

/** The shade of townships by people affected: from the ground to violet. */
function shade() {
  const affected = ["coalesce", ["feature-state", "affected"], 0];
  const [none, most] = [colour("surface"), colour("gravity-wash")];
  return ["interpolate", ["linear"], affected, 0, none, 1, most, 50_000, colour("gravity-1")];
}

/** Names of townships on the wall, in the map's own pixels, which wall.css makes larger. */
const NAME_SIZE = 16;

/** How much larger than on a desk the map is drawn, by wall.css: whatever is on it is read from five metres. */
export const mapScale = () => Number(getComputedStyle(document.documentElement).getPropertyValue("--map-scale")) || 1;

/** Paint a map dark. @param {import("maplibre-gl").Map} map */
export function paintDark(map) {
  for (const [layer, paint] of Object.entries(looks())) {
    if (map.getLayer(layer)) for (const [property, value] of Object.entries(paint)) map.setPaintProperty(layer, property, value);
  }
  map.setLayoutProperty("township-points-names", "text-size", NAME_SIZE);
}
