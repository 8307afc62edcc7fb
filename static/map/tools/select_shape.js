/** Marking a part of the map: a box by dragging, or a polygon corner by corner. */

const SOURCE = "selection";
const EMPTY = { type: "FeatureCollection", features: [] };

export class Marker {
  #map;
  #changed;
  #stop = () => {};
  /** @type {number[][]} corners, longitude first, not closed */
  #corners = [];
  /** @type {object | null} GeoJSON */
  shape = null;

  /** @param {any} map MapLibre's @param {() => void} changed when a shape is finished or taken away */
  constructor(map, changed) {
    this.#map = map;
    this.#changed = changed;
    map.addSource(SOURCE, { type: "geojson", data: EMPTY });
    map.addLayer({ id: "selection-fill", type: "fill", source: SOURCE, paint: { "fill-color": "#0b5c8a", "fill-opacity": 0.12 } });
    map.addLayer({ id: "selection-edge", type: "line", source: SOURCE, paint: { "line-color": "#0b5c8a", "line-width": 2, "line-dasharray": [2, 1] } });
  }

  /** Let the reader drag a box. */
  box() {
    this.#begin();
    const canvas = this.#map.getCanvasContainer();
    const at = (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const { lng, lat } = this.#map.unproject([event.clientX - left, event.clientY - top]);
      return [lng, lat];
    };
    let from = null;
    const down = (event) => { from = at(event); event.preventDefault(); };
    const move = (event) => { if (from) this.#draw(corners(from, at(event))); };
    const up = (event) => {
      if (!from) return;
      const all = corners(from, at(event));
      from = null;
      if (all[0][0] === all[2][0] || all[0][1] === all[2][1]) return; // a click is no box
      this.#finish(all);
    };
    this.#map.dragPan.disable();
    canvas.addEventListener("pointerdown", down);
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
    this.#stop = () => {
      this.#map.dragPan.enable();
      canvas.removeEventListener("pointerdown", down);
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
    };
  }

  /** Let the reader set corners; a double click or Enter ends, Escape begins anew. */
  polygon() {
    this.#begin();
    const add = ({ lngLat }) => { this.#corners.push([lngLat.lng, lngLat.lat]); this.#draw(this.#corners); };
    const end = (event) => {
      event.preventDefault?.();
      const all = this.#corners.filter((corner, at, list) => !at || corner.join() !== list[at - 1].join());
      if (all.length >= 3) this.#finish(all);
    };
    const key = (event) => {
      if (event.key === "Enter") end(event);
      if (event.key === "Escape") { this.#corners = []; this.#draw([]); }
    };
    this.#map.doubleClickZoom.disable();
    this.#map.on("click", add);
    this.#map.on("dblclick", end);
    addEventListener("keydown", key);
    this.#stop = () => {
      this.#map.off("click", add);
      this.#map.off("dblclick", end);
      removeEventListener("keydown", key);
      setTimeout(() => this.#map.doubleClickZoom.enable(), 300);
    };
  }

  /** Take what is being marked away. */
  clear() {
    this.#stop();
    this.#stop = () => {};
    this.#map.getCanvas().style.cursor = "";
    this.#corners = [];
    this.shape = null;
    this.#draw([]);
    this.#changed();
  }

  /** Take everything off the map. */
  remove() {
    this.clear();
    for (const layer of ["selection-fill", "selection-edge"]) this.#map.removeLayer(layer);
    this.#map.removeSource(SOURCE);
  }

  #begin() {
    this.clear();
    this.#map.getCanvas().style.cursor = "crosshair";
  }

  #finish(all) {
    this.#stop();
    this.#stop = () => {};
    this.#map.getCanvas().style.cursor = "";
    this.shape = { type: "Polygon", coordinates: [[...all, all[0]]] };
    this.#draw(all);
    this.#changed();
  }

  #draw(all) {
    const ring = all.length ? [[...all, all[0]]] : [];
    const geometry = all.length > 2 ? { type: "Polygon", coordinates: ring } : { type: "LineString", coordinates: all };
    const features = all.length > 1 ? [{ type: "Feature", properties: {}, geometry }] : [];
    this.#map.getSource(SOURCE).setData({ type: "FeatureCollection", features });
  }
}

/** The four corners of a box, counter-clockwise from the south-west. */
function corners([x, y], [u, v]) {
  const [west, east, south, north] = [Math.min(x, u), Math.max(x, u), Math.min(y, v), Math.max(y, v)];
  return [[west, south], [east, south], [east, north], [west, north]];
}
