/**
 * Hazard zones in the four warning colours, straight from the live objects.
 *
 * 红橙黄蓝: 突发事件应对法 第六十三条. A lifted zone is not drawn.
 */

const COLOURS = ["match", ["get", "level"], "red", "#d7263d", "orange", "#f08a24", "yellow", "#e6c229", "blue", "#2f6fde", "#777777"];

/** @param {any} zone @returns {object | null} */
function feature(zone) {
  if (zone.state !== "active" || !zone.geometry) return null;
  return { type: "Feature", geometry: zone.geometry, properties: { id: zone.id, name: zone.name, level: zone.level } };
}

export class HazardLayer {
  #map;

  /** @param {import("maplibre-gl").Map} map @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    map.addSource("zones", { type: "geojson", data: { type: "FeatureCollection", features: [] }, promoteId: "id" });
    const before = map.getLayer("villages-names") ? "villages-names" : "township-points-names";
    map.addLayer({ id: "zones", type: "fill", source: "zones", paint: { "fill-color": COLOURS, "fill-opacity": 0.22 } }, before);
    map.addLayer({ id: "zones-edge", type: "line", source: "zones", paint: { "line-color": COLOURS, "line-width": 2.2 } }, before);
    map.on("click", "zones", (event) => {
      if (!map.queryRenderedFeatures(event.point, { layers: ["reports", "shelters"] }).length) open(event.features[0].properties.id);
    });
  }

  /** Draw all active zones: they are few. @param {import("../store.js").Store} store */
  paint(store) {
    const features = store.all("zone").map(feature).filter(Boolean);
    return this.#map.getSource("zones").setData({ type: "FeatureCollection", features });
  }
}
