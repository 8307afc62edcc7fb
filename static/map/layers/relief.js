/**
 * Need against delivered (救助到户): villages, and townships far away, fill up with what has arrived.
 *
 * Only shares are held here, as feature states of the tiles that are drawn anyhow: nothing is sent twice. A
 * village's dot is as large as what is granted and not yet there; one of which only the point is known
 * shows its share by the dot's colour. Teal alone: the four warning colours are kept for warnings.
 */

/** Below this zoom the townships are filled, from it on the villages: their outlines begin there (gis/layers.py). */
const VILLAGES_FROM = 10;
export const STEPS = [[0, "#dfe5e2"], [0.01, "#c6e2dd"], [0.25, "#94c9c1"], [0.5, "#57a69d"], [0.75, "#2b827a"], [1, "#0c5a53"]];
/** Nobody there needs any, or is known to. */
export const NOTHING = "rgba(255,255,255,0)";
const share = ["coalesce", ["feature-state", "share"], -1];
const waiting = ["coalesce", ["feature-state", "waiting"], 0];
const COLOUR = ["step", share, NOTHING, ...STEPS.flat()];
const LAYERS = ["relief-townships", "relief-villages", "relief-dots"];
const KINDS = ["villages", "townships"];

/**
 * Say what a cell shows: the share of the need that has arrived, and how much is still to come.
 * @param {number[]} cell [households, persons, needed, granted, arrived]
 * @returns {{share: number, waiting: number}} share -1 where nothing is needed
 */
export function shown([, , need, granted, settled]) {
  const whole = Math.max(need, granted);
  return { share: whole ? settled / whole : -1, waiting: granted - settled };
}

/**
 * Add villages up to their townships.
 * @param {Record<string, number[]>} areas @returns {Record<string, number[]>}
 */
export function townshipsOf(areas) {
  const sums = {};
  for (const [code, cell] of Object.entries(areas)) {
    const sum = (sums[`${code.slice(0, 9)}000`] ??= [0, 0, 0, 0, 0]);
    cell.forEach((value, at) => { sum[at] += value; });
  }
  return sums;
}

export class ReliefLayer {
  #map;
  #drawn = { villages: {}, townships: {} };
  #most = 1;
  #off = [];

  /** @param {any} map MapLibre's @param {(code: string, at: any) => void} open an area was chosen */
  constructor(map, open) {
    this.#map = map;
    const areal = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
    const under = ["roads-rim", "villages-edge", "villages-dot"].find((id) => map.getLayer(id));
    const fill = (source, zooms) => ({
      id: `relief-${source}`, type: "fill", source, "source-layer": source, filter: areal, ...zooms,
      paint: { "fill-color": COLOUR, "fill-opacity": 0.82, "fill-outline-color": "#ffffff" },
    });
    if (map.getSource("townships")) map.addLayer(fill("townships", { maxzoom: VILLAGES_FROM }), under);
    if (!map.getSource("villages")) return;
    map.addLayer(fill("villages", { minzoom: VILLAGES_FROM }), under);
    map.addLayer({ id: "relief-dots", type: "circle", source: "villages", "source-layer": "villages", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": COLOUR, "circle-stroke-color": "#0c5a53", "circle-radius": 0, "circle-stroke-width": 0 } });
    for (const id of LAYERS) {
      if (!map.getLayer(id)) continue;
      const tell = (event) => open(event.features[0].properties.code ?? event.features[0].id, event.lngLat);
      map.on("click", id, tell);
      this.#off.push(() => map.off("click", id, tell));
    }
  }

  /**
   * Draw figures; only what differs is set.
   * @param {Record<string, number[]>} areas village's code → [households, persons, needed, granted, arrived]
   */
  paint(areas) {
    const next = { villages: areas, townships: townshipsOf(areas) };
    this.#size(Math.max(1, ...Object.values(areas).map((cell) => shown(cell).waiting)));
    let changed = 0;
    for (const source of KINDS) {
      if (!this.#map.getSource(source)) continue;
      for (const [code, cell] of Object.entries(next[source])) {
        if (String(this.#drawn[source][code]) === String(cell)) continue;
        this.#state(source, code, shown(cell));
        changed += 1;
      }
      for (const code of Object.keys(this.#drawn[source])) if (!(code in next[source])) this.#state(source, code, { share: -1, waiting: 0 });
    }
    this.#drawn = next;
    return changed;
  }

  /** Take everything away. */
  remove() {
    for (const off of this.#off) off();
    for (const id of LAYERS) if (this.#map.getLayer(id)) this.#map.removeLayer(id);
    for (const source of KINDS) for (const code of Object.keys(this.#drawn[source])) this.#state(source, code, { share: -1, waiting: 0 });
  }

  /** The village where most is still to come has the largest dot. */
  #size(most) {
    if (most === this.#most || !this.#map.getLayer("relief-dots")) return;
    this.#most = most;
    const radius = (least, full) => ["case", [">", waiting, 0], ["+", least, ["*", full, ["sqrt", ["/", waiting, most]]]], 0];
    this.#map.setPaintProperty("relief-dots", "circle-radius", ["interpolate", ["linear"], ["zoom"], 8, radius(1, 4), 10, radius(1.5, 7.5), 13, radius(4, 18)]);
    this.#map.setPaintProperty("relief-dots", "circle-stroke-width", ["case", [">", waiting, 0], 1.5, 0]);
  }

  #state(source, id, state) {
    this.#map.setFeatureState({ source, sourceLayer: source, id }, state);
  }
}
