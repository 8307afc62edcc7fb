/**
 * Differences (差异): where missing, damaged or surplus goods stopped. A dashed line from where they were
 * last accounted for to where they should have arrived, and there a badge with how many: each kind on a side of its own.
 */

const SIZE = 30;
const RATIO = 2;
/** Dark red is the product's own for what is wrong; the four warning colours stay for warnings. */
const INK = { short: "#8c1d18", damaged: "#6b4a1f", over: "#33425b" };
const LAYERS = ["cases-line", "cases"];
const MOST = 999;

/** A badge with a number, drawn once for each number. */
function badge(text, colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.fillStyle = "#ffffff";
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, SIZE / 2 - 0.5, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, SIZE / 2 - 2.5, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = `700 ${text.length > 2 ? 11 : 13}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, SIZE / 2, SIZE / 2 + 0.5);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {number} quantity */
export const label = (quantity) => (quantity > MOST ? `${MOST}+` : String(quantity));

/**
 * The features of open cases: of each the way it stopped on, and the place.
 * @param {any[]} cases views of the feed @returns {any[]} GeoJSON, EPSG:4326
 */
export function features(cases) {
  return cases.filter(({ state }) => state === "open").flatMap(({ id, kind, quantity, lon, lat, source_lon: fromLon, source_lat: fromLat }) => {
    const properties = { id, kind, sign: `case-${kind}-${label(quantity)}` };
    return [
      { type: "Feature", geometry: { type: "LineString", coordinates: [[fromLon, fromLat], [lon, lat]] }, properties },
      { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties },
    ];
  });
}

export class CaseLayer {
  #map;
  #off;

  /** @param {any} map MapLibre's @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    map.addSource("cases", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "cases-line", type: "line", source: "cases", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": ["match", ["get", "kind"], "damaged", INK.damaged, "over", INK.over, INK.short], "line-width": 2.5, "line-dasharray": [2, 2] } });
    map.addLayer({ id: "cases", type: "symbol", source: "cases", filter: ["==", ["geometry-type"], "Point"], layout: { "icon-image": ["get", "sign"], "icon-allow-overlap": true, "icon-anchor": ["match", ["get", "kind"], "damaged", "top-right", "over", "bottom-left", "top-left"] } });
    const tell = (event) => open(event.features[0].properties.id);
    map.on("click", "cases", tell);
    this.#off = () => map.off("click", "cases", tell);
  }

  /** Draw all open cases: few enough to be set whole. @param {import("../store.js").Store} store */
  paint(store) {
    const cases = store.all("case");
    for (const { kind, quantity } of cases) {
      const name = `case-${kind}-${label(quantity)}`;
      if (!this.#map.hasImage(name)) this.#map.addImage(name, badge(label(quantity), INK[kind]), { pixelRatio: RATIO });
    }
    return this.#map.getSource("cases").setData({ type: "FeatureCollection", features: features(cases) });
  }

  /** Take everything away. */
  remove() {
    this.#off();
    for (const id of LAYERS) this.#map.removeLayer(id);
    this.#map.removeSource("cases");
  }
}
