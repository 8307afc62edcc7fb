/**
 * Silent villages (沉默村): who should have spoken and has not. Hollow rings, the larger the sooner they
 * should be called; inside a warning zone in the zone's colour. Asked for only while it is switched on.
 */

import { colour } from "../../shared/colours.js";
import { followLook } from "../command/ground.js";

/** News is gathered this long, in ms, before the ranking is asked for again. */
const GATHER_MS = 3_000;
/** Clocks run without news. */
const TICK_MS = 60_000;

/** In the zone's colour, or else one that is seen on the ground of now. @returns {Record<string, Record<string, any>>} layer → its paint */
export function looks() {
  return { silence: { "circle-stroke-color": ["match", ["get", "zone"], "red", "#d7191c", "orange", "#f57c00", "yellow", "#b98f00", "blue", "#1e6fd9", colour("neutral")] } };
}

export class SilenceLayer {
  #map;
  #fetch;
  #on = false;
  #timer = 0;

  /**
   * @param {import("maplibre-gl").Map} map
   * @param {() => Promise<{features: any[]}>} fetchSilence  from `GET /api/duty/silence`, the gravest first
   */
  constructor(map, fetchSilence) {
    this.#map = map;
    this.#fetch = fetchSilence;
    map.addSource("silence", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({
      id: "silence", type: "circle", source: "silence", layout: { visibility: "none" },
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["get", "rank"], 0, 20, 30, 9, 200, 6],
        "circle-color": "rgba(255,255,255,0)",
        "circle-stroke-width": ["case", ["==", ["get", "zone"], ""], 1.5, 3],
      },
    });
    followLook(map, looks);
    map.on("click", "silence", (event) => this.#tell(event));
    setInterval(() => this.soon(), TICK_MS);
  }

  /** Switch it on or off. @param {boolean} on */
  async show(on) {
    this.#on = on;
    this.#map.setLayoutProperty("silence", "visibility", on ? "visible" : "none");
    if (on) await this.#read();
  }

  /** Something was reported: the ranking may have changed. */
  soon() {
    if (!this.#on || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      if (this.#on) this.#read().catch(() => {});
    }, GATHER_MS);
  }

  async #read() {
    const { features } = await this.#fetch();
    const drawn = features
      .map((feature, rank) => ({ ...feature, properties: { ...feature.properties, rank } }))
      .filter(({ geometry }) => geometry);
    this.#map.getSource("silence").setData({ type: "FeatureCollection", features: drawn });
    this.#map.getCanvas().dataset.silent = drawn.length;
  }

  #tell({ features, lngLat }) {
    const { name, why } = features[0].properties;
    new this.#map.maplibre.Popup().setLngLat(lngLat).setText(`${name}:${why}`).addTo(this.#map);
  }
}
