/**
 * Reports as points: one small GeoJSON source, fed with differences.
 *
 * Drawn are the versions nothing has replaced: a standing one full, a returned one hollow; of two
 * that crossed, both. New ones pulse; the camera moves only for a reader who left it alone.
 */

import { colour } from "../../shared/colours.js";
import { followLook } from "../command/ground.js";
import { gradeOf, radiusOf } from "../severity.js";

const PULSES_AT_ONCE = 12;
/** As long as the animation in map.css. */
const PULSE_MS = 1_600;
/** How long the reader must have left the map alone before it may move, in ms. */
const LEFT_ALONE_MS = 8_000;
/** A share of a dot's own radius. */
const sized = (share) => ["*", ["get", "radius"], share];
/** The edge of a dot nobody has read yet, and of the others. */
const edged = (unread, read) => ["match", ["get", "state"], "stored", unread, read];
const EMPTY = { type: "FeatureCollection", features: [] };

/** The colours of now: violet by gravity, hollow where returned, the rim by who has read it. @returns {Record<string, Record<string, any>>} layer → its paint */
export function looks() {
  const violet = ["match", ["get", "grade"], "grave", colour("gravity-3"), "heavy", colour("gravity-2"), "light", colour("gravity-1"), colour("gravity-0")];
  return {
    "reports-chosen": { "circle-color": colour("gravity-2"), "circle-stroke-color": colour("gravity-3") },
    reports: {
      "circle-color": ["case", ["==", ["get", "state"], "returned"], colour("surface"), violet],
      "circle-stroke-color": ["match", ["get", "state"], "stored", colour("surface"), "returned", colour("neutral"), colour("gravity-wash")],
    },
  };
}

export class ReportLayer {
  #map;
  #places;
  #matches;
  #drawn = new Set();
  #pulses = 0;
  #touched = -Infinity;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {import("maplibre-gl").Map} map
   * @param {import("../places.js").Places} places
   * @param {(id: string) => void} open  a report was chosen
   */
  constructor(map, places, open) {
    this.#map = map;
    this.#places = places;
    this.#matches = () => true;
    map.addSource("reports", { type: "geojson", data: EMPTY, promoteId: "id" });
    map.addLayer({
      id: "reports-chosen", type: "circle", source: "reports", filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, ["+", sized(0.3), 5], 10, ["+", sized(0.48), 5], 13, ["+", sized(1.4), 6]],
        "circle-opacity": 0.18, "circle-stroke-width": 2 },
    });
    map.addLayer({
      id: "reports", type: "circle", source: "reports",
      layout: { "circle-sort-key": ["get", "order"] },
      paint: {
        // Small at the county's zoom: zones, signs and names are read between the dots.
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, sized(0.3), 10, sized(0.48), 11.5, sized(0.85), 13, sized(1.4)],
        "circle-opacity": ["match", ["get", "state"], "stored", 1, 0.78],
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, edged(1.2, 0.8), 12, edged(2.4, 1.4)],
      },
    });
    followLook(map, looks);
    map.on("click", "reports", (event) => open(event.features[0].properties.id));
    map.on("mouseenter", "reports", () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", "reports", () => { map.getCanvas().style.cursor = ""; });
    for (const gesture of ["dragstart", "zoomstart", "mousedown", "touchstart", "wheel"]) {
      map.on(gesture, (event) => { if (event.originalEvent) this.#touched = performance.now(); });
    }
  }

  /**
   * Draw everything anew, after a filter changed.
   * @param {import("../store.js").Store} store @param {(report: any) => boolean} matches
   */
  redraw(store, matches) {
    this.#matches = matches;
    const features = store.all("report").map((report) => this.#feature(report)).filter(Boolean);
    this.#drawn = new Set(features.map((feature) => feature.properties.id));
    return this.#source.setData({ type: "FeatureCollection", features });
  }

  /**
   * Draw what moved. Resolves when the map's worker has it.
   * @param {import("../store.js").Move[]} moves @param {{announce: boolean}} how
   * @returns {Promise<unknown>}
   */
  paint(moves, { announce }) {
    const add = [];
    const remove = [];
    const born = [];
    for (const { before, after } of moves) {
      const id = (after ?? before).id;
      const feature = after && this.#feature(after);
      if (feature) {
        add.push(feature);
        this.#drawn.add(id);
        if (!before) born.push(feature);
      } else if (this.#drawn.delete(id)) remove.push(id);
    }
    if (announce && born.length) this.#announce(born);
    return add.length || remove.length ? this.#source.updateData({ add, remove }) : Promise.resolve();
  }

  /** Mark the chosen report. @param {string | null} id */
  choose(id) {
    this.#map.setFilter("reports-chosen", ["==", ["get", "id"], id ?? ""]);
  }

  /** Bring a report into view; one that is in sight moves nothing. @param {any} report */
  show(report) {
    const point = this.#places.pointOf(report);
    if (point && !this.#map.getBounds().contains(point)) this.#move(point, Math.max(this.#map.getZoom(), 11));
  }

  get #source() {
    return this.#map.getSource("reports");
  }

  #feature(report) {
    if (report.superseded_by || !this.#matches(report)) return null;
    const point = this.#places.pointOf(report);
    if (!point) return null;
    const grade = gradeOf(report);
    const order = Date.parse(report.received_at) / 1000;
    return {
      type: "Feature",
      geometry: { type: "Point", coordinates: point },
      properties: { id: report.id, grade, state: report.state, radius: radiusOf(report), order },
    };
  }

  #announce(born) {
    for (const feature of born.slice(-PULSES_AT_ONCE)) this.#pulse(feature.geometry.coordinates);
    const [only] = born;
    const alone = performance.now() - this.#touched > LEFT_ALONE_MS;
    if (born.length === 1 && alone && !this.#map.isMoving() && !this.#map.getBounds().contains(only.geometry.coordinates)) {
      this.#move(only.geometry.coordinates, this.#map.getZoom());
    }
  }

  #move(center, zoom) {
    if (this.#calm.matches) this.#map.jumpTo({ center, zoom });
    else this.#map.easeTo({ center, zoom, duration: 500 });
  }

  #pulse(point) {
    if (this.#pulses >= PULSES_AT_ONCE) return;
    this.#pulses += 1;
    const ring = document.createElement("div");
    ring.className = "pulse";
    ring.setAttribute("aria-hidden", "true");
    ring.append(document.createElement("i"));
    const marker = new this.#map.maplibre.Marker({ element: ring }).setLngLat(point).addTo(this.#map);
    // By the clock, not by animationend: that never comes where motion is reduced.
    setTimeout(() => {
      marker.remove();
      this.#pulses -= 1;
    }, PULSE_MS);
  }
}
