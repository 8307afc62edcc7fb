/**
 * A quiet look for vector base maps, by the names their layers bear in the two common schemes
 * (Protomaps, OpenMapTiles). Layers of other names are left out. Pure.
 */

const WATER = "#cfdfe8";
const LOOKS = [
  [["earth"], "fill", { "fill-color": "#f4f5f1" }],
  [["landcover", "landuse", "park", "natural"], "fill", { "fill-color": "#e3ebdf", "fill-opacity": 0.6 }],
  [["water"], "fill", { "fill-color": WATER }, ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false]],
  [["waterway", "physical_line"], "line", { "line-color": WATER, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 14, 2.5] }],
  [["buildings", "building"], "fill", { "fill-color": "#dcdcd6" }],
  [["roads", "transportation", "transit"], "line", { "line-color": "#c9c4b8", "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.4, 14, 3] },
    ["match", ["geometry-type"], ["LineString", "MultiLineString"], true, false]],
  [["boundaries", "boundary"], "line", { "line-color": "#9a9a9a", "line-width": 0.8, "line-dasharray": [4, 2] }],
];

/**
 * Give the layers that draw a source.
 * @param {string} source its id, which begins every layer's id @param {string[]} names of the layers in its tiles
 * @returns {object[]}
 */
export function basePaint(source, names) {
  return LOOKS.flatMap(([known, type, paint, filter]) => known.filter((name) => names.includes(name)).map((name) => ({
    id: `${source}-${name}`, type, source, "source-layer": name, paint, ...(filter ? { filter } : {}),
  })));
}
