/**
 * The map itself: our own vector tiles drawn calmly, labels from the reader's own fonts.
 *
 * No foreign request is made: with no `glyphs` address in the style, MapLibre draws every label
 * from local fonts, Chinese and Latin alike (style specification, "omit to use local fonts").
 */

import { BasemapSwitch, NOTHING, transformRequest } from "./basemap.js";
import { followTheme, ground } from "./command/ground.js";
import { get } from "./doors.js";

export const FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif"];

/** Zoom at which village names begin. */
const VILLAGE_NAMES = 11;
/** Zoom at which the villages themselves begin; below, a district tells how many it has. */
const VILLAGE_DOTS = 8;

function tiles(layer, { version, minzoom, maxzoom }) {
  return {
    type: "vector",
    tiles: [`${location.origin}/tiles/${layer}/{z}/{x}/{y}.mvt?v=${encodeURIComponent(version ?? "")}`],
    minzoom: minzoom ?? 0,
    maxzoom: Math.min(maxzoom ?? 14, 16),
    promoteId: "code",
  };
}

function label(source, c, paintAndLayout) {
  const { size, colour = c.ink, offset = [0, 0], text = ["get", "name"], ...rest } = paintAndLayout;
  return {
    id: `${source}-names`,
    type: "symbol",
    source,
    ...rest,
    layout: {
      "text-field": text,
      "text-font": FONTS,
      "text-size": size,
      "text-offset": offset,
      "text-max-width": 8,
      "text-padding": 4,
    },
    paint: { "text-color": colour, "text-halo-color": c.halo, "text-halo-width": 1.4 },
  };
}

/** Names of townships stand once, at their points: a polygon cut by tiles would be named in each. */
function townshipPoints(townships) {
  const features = townships
    .filter(({ lon, lat }) => Number.isFinite(lon) && Number.isFinite(lat))
    .map(({ name, lon, lat }) => ({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { name } }));
  return { type: "geojson", data: { type: "FeatureCollection", features } };
}

const areal = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];

/**
 * Write the style for the layers the server has.
 * @param {Record<string, {minzoom?: number, maxzoom?: number, version?: string}>} layers from `GET /tiles/`
 * @param {import("./places.js").Area[]} townships
 * @param {Record<string, string>} c the map's own colours (command/ground.js)
 * @returns {object} a MapLibre style
 */
export function style(layers, townships, c = ground()) {
  const sources = {};
  const drawn = [{ id: "paper", type: "background", paint: { "background-color": c.paper } }];
  if (layers.townships) {
    sources.townships = tiles("townships", layers.townships);
    drawn.push(
      { id: "townships-fill", type: "fill", source: "townships", "source-layer": "townships", filter: areal,
        paint: { "fill-color": shade(c), "fill-opacity": 0.9 } },
      { id: "townships-edge", type: "line", source: "townships", "source-layer": "townships", filter: areal,
        paint: { "line-color": c.edge, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.8, 13, 2] } },
    );
  }
  if (layers.roads) {
    sources.roads = tiles("roads", layers.roads);
    drawn.push(...roadLayers(c));
  }
  if (layers.villages) {
    sources.villages = tiles("villages", layers.villages);
    drawn.push(
      { id: "villages-edge", type: "line", source: "villages", "source-layer": "villages", filter: areal, minzoom: 10.5,
        paint: { "line-color": c["village-edge"], "line-width": 0.8, "line-dasharray": [2, 2] } },
      { id: "villages-dot", type: "circle", source: "villages", "source-layer": "villages",
        filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-color": c.dot, "circle-stroke-color": c.paper, "circle-stroke-width": 0.8,
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 1.6, 13, 4] } },
      label("villages", c, { "source-layer": "villages", filter: ["==", ["geometry-type"], "Point"],
        size: 11.5, minzoom: VILLAGE_NAMES, colour: c["village-ink"], offset: [0, 1.5] }),
    );
  }
  if (layers.districts) {
    sources.districts = tiles("districts", layers.districts);
    const drawnFrom = { source: "districts", "source-layer": "districts" };
    drawn.push(
      { id: "districts-edge", type: "line", ...drawnFrom, filter: areal,
        paint: { "line-color": c["district-edge"], "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.5, 9, 1.6] } },
      // How many villages lie there, until they can be told apart.
      { id: "districts-dot", type: "circle", ...drawnFrom, filter: ["==", ["geometry-type"], "Point"], maxzoom: VILLAGE_DOTS,
        paint: { "circle-color": c.dot, "circle-opacity": 0.35,
          "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "villages"]], 0, 2, 30, 10, 300, 34] } },
      label("districts", c, { ...drawnFrom, filter: ["==", ["geometry-type"], "Point"], maxzoom: VILLAGE_DOTS, size: 12,
        text: ["concat", ["get", "name"], "\n", ["to-string", ["get", "villages"]]] }),
    );
  }
  sources["township-points"] = townshipPoints(townships);
  // Under the seat's own point, where its shelter's sign and its dot stand.
  drawn.push(label("township-points", c, { offset: [0, 1.05], size: ["interpolate", ["linear"], ["zoom"], 8, 11, 12, 16], minzoom: 7.5, maxzoom: 13.5 }));
  return { version: 8, sources, layers: drawn };
}

/** Roads, the greater the broader, white with a grey rim; names along them. */
function roadLayers(c) {
  const from = { source: "roads", "source-layer": "roads" };
  const rank = (great, county, small) => ["match", ["get", "kind"], ["motorway", "national", "provincial"], great, "county", county, small];
  const width = (rim) => ["interpolate", ["exponential", 1.5], ["zoom"],
    8, rank(1.4 + rim, 0.8 + rim, 0.4 + rim), 12, rank(3.2 + rim, 2.4 + rim, 1.4 + rim), 16, rank(12 + rim, 9 + rim, 6 + rim)];
  const round = { "line-cap": "round", "line-join": "round" };
  return [
    { id: "roads-rim", type: "line", ...from, layout: round, paint: { "line-color": c["road-rim"], "line-width": width(1.2) } },
    { id: "roads", type: "line", ...from, layout: round, paint: { "line-color": rank(c["road-great"], c["road-county"], c["road-small"]), "line-width": width(0) } },
    { id: "roads-names", type: "symbol", ...from, minzoom: 12.5,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONTS, "text-size": 11, "symbol-spacing": 320 },
      paint: { "text-color": c["road-ink"], "text-halo-color": c.halo, "text-halo-width": 1.4 } },
  ];
}

/** Townships darken with the people affected there (feature state, set by layers/townships.js). */
function shade(c) {
  const affected = ["coalesce", ["feature-state", "affected"], 0];
  return ["interpolate", ["linear"], affected, 0, c["shade-0"], 1, c["shade-1"], 2_000, c["shade-2"], 10_000, c["shade-3"], 50_000, c["shade-4"]];
}

/** Words of the map's own buttons, through the page's dictionary. */
function words(t) {
  return {
    "NavigationControl.ZoomIn": t("放大"),
    "NavigationControl.ZoomOut": t("缩小"),
    "AttributionControl.ToggleAttribution": t("地图说明"),
    "ScaleControl.Meters": t("米"),
    "ScaleControl.Kilometers": t("公里"),
    "Map.Title": t("地图"),
  };
}

/** Let two maps show the same place, whichever is moved. @param {any} one @param {any} other MapLibre's */
export function moveTogether(one, other) {
  let leading = false;
  const follow = (from, to) => from.on("move", () => {
    if (leading) return;
    leading = true;
    to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
    leading = false;
  });
  follow(one, other);
  follow(other, one);
}

/** Say on an element whether its map stands still: all there is of it drawn, for whoever takes its picture. */
function standing(map, element) {
  map.on("idle", () => (element.dataset.still = "yes"));
  for (const change of ["resize", "render"]) map.on(change, () => delete element.dataset.still);
}

/**
 * Put a map into an element.
 * @param {HTMLElement} element
 * @param {object} given
 * @param {Record<string, object>} given.layers  from `GET /tiles/`
 * @param {import("./places.js").Area[]} given.townships
 * @param {[number, number, number, number] | null} given.bounds  what to show first
 * @param {string} given.notice  attribution, with the notice about simulated places if due
 * @param {(zh: string) => string} given.t
 * @param {number} [given.pixelRatio]  pixels of the screen to one of the map's; the screen's own where nothing is said
 * @param {number | object} [given.padding]  left free around `bounds`
 * @returns {Promise<import("maplibre-gl").Map>} once its style is loaded
 * @throws when the browser has no WebGL
 */
export async function createMap(element, { layers, townships, bounds, notice, t, pixelRatio = devicePixelRatio, padding = 48 }) {
  const [maplibre, base] = await Promise.all([
    import("../vendor/maplibre/maplibre-gl.mjs"),
    get("/basemap/").catch(() => NOTHING),
  ]);
  const map = new maplibre.Map({
    container: element,
    style: style(layers, townships),
    locale: words(t),
    transformRequest,
    attributionControl: { compact: false, customAttribution: notice },
    localIdeographFontFamily: FONTS.join(","),
    pixelRatio,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    fadeDuration: 0, // labels that fade keep the map repainting after every report
    ...(bounds ? { bounds, fitBoundsOptions: { padding, maxZoom: 12 } } : { center: [116.57, 30.74], zoom: 9 }),
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-left");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
  map.maplibre = maplibre;
  standing(map, element);
  await new Promise((loaded) => map.once("load", loaded));
  map.addControl(new BasemapSwitch(base, t), "top-right");
  map.once("remove", followTheme(map, () => style(layers, townships)));
  return map;
}
