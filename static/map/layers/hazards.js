/**
 * Hazard zones in the four warning colours, straight from the live objects.
 *
 * 红橙黄蓝: 突发事件应对法 第六十三条. A lifted zone is not drawn.
 */

/** The colours of static/shared/tokens.css, for the map's own painter. */
function colours() {
  const tokens = getComputedStyle(document.documentElement);
  const levels = ["red", "orange", "yellow", "blue"].flatMap((level) => [level, tokens.getPropertyValue(`--warning-${level}`).trim()]);
  return ["match", ["get", "level"], ...levels, "#777777"];
}

/** @param {any} zone @returns {object | null} */
function feature(zone) {
  if (zone.state !== "active" || !zone.geometry) return null;
  return { type: "Feature", geometry: zone.geometry, properties: { id: zone.id, name: zone.name, level: zone.level, kind: zone.kind } };
}

export class HazardLayer {
  #map;

  /** @param {import("maplibre-gl").Map} map @param {(id: string) => void} open */
  constructor(map, open) {
    this.#map = map;
    const colour = colours();
    map.addSource("zones", { type: "geojson", data: { type: "FeatureCollection", features: [] }, promoteId: "id" });
    const before = map.getLayer("villages-names") ? "villages-names" : "township-points-names";
    map.addLayer({ id: "zones", type: "fill", source: "zones", paint: { "fill-color": colour, "fill-opacity": ["case", ["==", ["get", "kind"], "weather"], 0.08, 0.22] } }, before);
    map.addLayer({ id: "zones-rim", type: "line", source: "zones", paint: { "line-color": "#ffffff", "line-width": 4.4, "line-opacity": 0.85 } }, before);
    map.addLayer({ id: "zones-edge", type: "line", source: "zones", paint: { "line-color": colour, "line-width": 2.4 } }, before);
    map.on("click", "zones", (event) => {
      if (!map.queryRenderedFeatures(event.point, { layers: ["reports", "shelters"] }).length) open(event.features[0].properties.id);
    });
  }

  /** Draw all active zones: they are few. @param {import("../store.js").Store} store */
  paint(store) {
    // A weather warning covers a county: what it covers lies on top and is met first by a click.
    const weatherFirst = (a, b) => Number(b.kind === "weather") - Number(a.kind === "weather");
    const features = store.all("zone").sort(weatherFirst).map(feature).filter(Boolean);
    return this.#map.getSource("zones").setData({ type: "FeatureCollection", features });
  }
}
