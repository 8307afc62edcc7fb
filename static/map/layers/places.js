/** Warehouses and points (储备库、储备点): full where there are goods, hollow where there are none, rimmed dark red where too few. */

const SIZE = 24;
const RATIO = 2;
const INK = "#33425b";
const SHORT = "#8c1d18";

/** A crate for a point, a house with a gate for a warehouse; drawn here, so that no file is asked for. */
function sign(isWarehouse, isFull, isShort) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  const rim = isShort ? SHORT : INK;
  pen.lineWidth = isShort ? 3 : 2;
  pen.strokeStyle = rim;
  pen.fillStyle = isFull ? INK : "#ffffff";
  pen.beginPath();
  const corners = isWarehouse ? [[3, 21], [3, 10], [12, 3], [21, 10], [21, 21]] : [[6, 18], [6, 8], [18, 8], [18, 18]];
  for (const [x, y] of corners) pen.lineTo(x, y);
  pen.closePath();
  pen.fill();
  pen.stroke();
  pen.strokeStyle = pen.fillStyle = isFull ? "#ffffff" : rim;
  pen.lineWidth = 1.6;
  pen.beginPath();
  if (isWarehouse) pen.fillRect(9, 13, 6, 8);
  else for (const [x, y] of [[6, 12], [18, 12], [12, 8], [12, 12]]) (y === 12 && x !== 18 && x !== 12 ? pen.moveTo(x, y) : x === 12 && y === 8 ? pen.moveTo(x, y) : pen.lineTo(x, y));
  pen.stroke();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Name what a warehouse has too little of.
 * @param {any} place @param {Record<string, number>} least item → least stock of a warehouse
 * @returns {Record<string, number>} item → how many are missing
 */
export function shortOf(place, least) {
  if (place.kind !== "warehouse") return {};
  return Object.fromEntries(Object.entries(least).map(([item, many]) => [item, many - (place.goods[item] ?? 0)]).filter(([, missing]) => Number(missing) > 0));
}

export class PlaceLayer {
  #map;
  #least = {};
  #off;

  /** @param {any} map MapLibre's @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    for (const kind of ["warehouse", "point"]) {
      for (const full of [true, false]) {
        for (const short of [true, false]) {
          const name = `place-${kind}-${full ? "full" : "empty"}${short ? "-short" : ""}`;
          if (!map.hasImage(name)) map.addImage(name, sign(kind === "warehouse", full, short), { pixelRatio: RATIO });
        }
      }
    }
    map.addSource("places", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: "places", type: "symbol", source: "places",
      // The points of villages are too many to be told apart from afar.
      filter: ["any", ["==", ["get", "kind"], "warehouse"], [">=", ["zoom"], 11], ["all", ["get", "full"], [">=", ["zoom"], 9.5]]],
      layout: { "icon-image": ["get", "sign"], "icon-size": ["interpolate", ["linear"], ["zoom"], 8, ["match", ["get", "kind"], "warehouse", 0.9, 0.45], 12, ["match", ["get", "kind"], "warehouse", 1.3, 0.85]],
        "icon-allow-overlap": true, "icon-anchor": "bottom", "icon-offset": [0, -4], "symbol-sort-key": ["match", ["get", "kind"], "warehouse", 2, 1] } });
    const tell = (event) => open(event.features[0].properties.id);
    const point = () => { map.getCanvas().style.cursor = "pointer"; };
    const plain = () => { map.getCanvas().style.cursor = ""; };
    map.on("click", "places", tell);
    map.on("mouseenter", "places", point);
    map.on("mouseleave", "places", plain);
    this.#off = () => {
      map.off("click", "places", tell);
      map.off("mouseenter", "places", point);
      map.off("mouseleave", "places", plain);
    };
  }

  /** Draw all places. @param {import("../store.js").Store} store @param {Record<string, number>} [least] */
  paint(store, least = this.#least) {
    this.#least = least;
    const features = store.all("place").filter(({ lon, lat }) => Number.isFinite(lon) && Number.isFinite(lat)).map((place) => {
      const full = Object.keys(place.goods).length > 0;
      const short = Object.keys(shortOf(place, least)).length > 0;
      return { type: "Feature", geometry: { type: "Point", coordinates: [place.lon, place.lat] },
        properties: { id: place.id, kind: place.kind, full, sign: `place-${place.kind}-${full ? "full" : "empty"}${short ? "-short" : ""}` } };
    });
    return this.#map.getSource("places").setData({ type: "FeatureCollection", features });
  }

  /** Take everything away. */
  remove() {
    this.#off();
    this.#map.removeLayer("places");
    this.#map.removeSource("places");
  }
}
