/** Shelters (应急避难场所): a green house sign; full colour when open, amber when nearly full, pale when closed or on standby. */

const SIZE = 22;
const RATIO = 2;
const GREENS = { open: "#15803d", filling: "#c2610c", standby: "#7fa68c", closed: "#a3aca6" };

/** Draw the sign once per state; an image drawn here needs no file and no request. */
function sign(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.fillStyle = "#ffffff";
  pen.beginPath();
  pen.roundRect(0.5, 0.5, SIZE - 1, SIZE - 1, 5);
  pen.fill();
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(2, 2, SIZE - 4, SIZE - 4, 4);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.beginPath();
  for (const [x, y] of [[11, 4.5], [18, 11], [15.8, 11], [15.8, 17], [12.6, 17], [12.6, 12.8], [9.4, 12.8], [9.4, 17], [6.2, 17], [6.2, 11], [4, 11]]) {
    pen.lineTo(x, y);
  }
  pen.closePath();
  pen.fill();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function feature({ id, name, state, filling, lon, lat }) {
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: { id, name, state: state === "open" && filling ? "filling" : state } };
}

export class ShelterLayer {
  #map;

  /** @param {import("maplibre-gl").Map} map @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    for (const [state, colour] of Object.entries(GREENS)) map.addImage(`shelter-${state}`, sign(colour), { pixelRatio: RATIO });
    map.addSource("shelters", { type: "geojson", data: { type: "FeatureCollection", features: [] }, promoteId: "id" });
    map.addLayer({
      id: "shelters", type: "symbol", source: "shelters",
      layout: {
        "icon-image": ["concat", "shelter-", ["get", "state"]],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.55, 12, 0.95],
        "icon-allow-overlap": true,
        // Beside the spot: a report from the same village stays in sight.
        "icon-anchor": "bottom-left",
        "icon-offset": [3, -3],
      },
    });
    map.on("click", "shelters", (event) => open(event.features[0].properties.id));
    map.on("mouseenter", "shelters", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "shelters", () => { map.getCanvas().style.cursor = ""; });
  }

  /** Draw all shelters: few enough to be set whole. @param {import("../store.js").Store} store */
  paint(store) {
    const features = store.all("shelter").map(feature).filter(Boolean);
    return this.#map.getSource("shelters").setData({ type: "FeatureCollection", features });
  }
}
