/**
 * A quiet look for vector base maps, by the names their layers bear in the two common schemes
 * (Protomaps, OpenMapTiles). Layers of other names are left out. Pure.
 */

/** In the colours of a look. @param {Record<string, string>} c (command/ground.js) */
const looks = (c) => [
  [["earth"], "fill", { "fill-color": c.earth }],
  [["landcover", "landuse", "park", "natural"], "fill", { "fill-color": c.green, "fill-opacity": 0.6 }],
  [["water"], "fill", { "fill-color": c.water }, ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false]],
  [["waterway", "physical_line"], "line", { "line-color": c.water, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 2.5] }],
  [["buildings", "building"], "fill", { "fill-color": c.building }],
  [["roads", "transportation", "transit"], "line", { "line-color": c.road, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.4, 14, 3] },
    ["match", ["geometry-type"], ["LineString", "MultiLineString"], true, false]],
  [["boundaries", "boundary"], "line", { "line-color": c.border, "line-width": 0.8, "line-dasharray": [4, 2] }],
];

/**
 * Give the layers that draw a source.
 * @param {string} source its id, which begins every layer's id @param {string[]} names of the layers in its tiles
 * @param {Record<string, string>} c the colours of now
 * @returns {object[]}
 */
export function basePaint(source, names, c) {
  return looks(c).flatMap(([known, type, paint, filter]) => known.filter((name) => names.includes(name)).map((name) => ({
    id: `${source}-${name}`, type, source, "source-layer": name, paint, ...(filter ? { filter } : {}),
  })));
}
