/** Closed roads (断路): a red bar on white where the road is shut, and how far around. */

import { FONTS } from "../view.js";

const SIZE = 22;
const RATIO = 2;
const EMPTY = { type: "FeatureCollection", features: [] };
export const RED = "#b3261e";

/** The sign 禁止驶入 (GB 5768), drawn here: it needs no file and no request. */
function sign() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  const disc = (radius, colour) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
    pen.fill();
  };
  disc(SIZE / 2 - 0.5, "#ffffff");
  disc(SIZE / 2 - 2, RED);
  pen.fillStyle = "#ffffff";
  pen.fillRect(5.5, SIZE / 2 - 2, SIZE - 11, 4);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Whether a road is closed at a moment. @param {any} closure @param {number} now */
export const isClosed = ({ state, valid_to: end }, now = Date.now()) => state === "active" && (!end || Date.parse(end) > now);

function features(closure) {
  const { id, geometry, reason } = closure;
  const middle = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[Math.floor(geometry.coordinates.length / 2)];
  const properties = { id, reason };
  return [
    { type: "Feature", geometry, properties },
    { type: "Feature", geometry: { type: "Point", coordinates: middle }, properties: { ...properties, sign: true } },
  ];
}

export class ClosureLayer {
  #map;
  #clock;

  /** @param {any} map MapLibre's @param {(id: string) => void} open @param {() => number} clock ms: closures end by it */
  constructor(map, open, clock) {
    this.#map = map;
    this.#clock = clock;
    map.addImage("closure", sign(), { pixelRatio: RATIO });
    map.addSource("closures", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "closures-line", type: "line", source: "closures", filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": RED, "line-width": 5, "line-dasharray": [1.2, 0.8] } });
    map.addLayer({ id: "closures", type: "symbol", source: "closures", filter: ["has", "sign"],
      layout: { "icon-image": "closure", "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 12, 1], "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 12, ["get", "reason"]], "text-font": FONTS, "text-size": 11, "text-offset": [0, 1.3], "text-optional": true },
      paint: { "text-color": RED, "text-halo-color": "#ffffff", "text-halo-width": 1.4 } });
    map.on("click", "closures", (event) => open(event.features[0].properties.id));
    map.on("mouseenter", "closures", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "closures", () => { map.getCanvas().style.cursor = ""; });
  }

  /** Draw all closed roads: they are few. @param {import("../store.js").Store} store */
  paint(store) {
    const shown = store.all("closure").filter((closure) => isClosed(closure, this.#clock()));
    document.documentElement.dataset.closures = String(shown.length);
    return this.#map.getSource("closures").setData({ type: "FeatureCollection", features: shown.flatMap(features) });
  }
}
