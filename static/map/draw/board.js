/**
 * Drawing on the map: polygons with holes in several parts, circles and boxes, with undo and snapping.
 *
 * The one drawer of the map: zones, selections and whatever else needs a shape use it. It shows and
 * keeps a {@link import("./rings.js").State}; what the shape is for is its owner's business.
 */

import { circle, distance } from "./circle.js";
import { listen } from "./gestures.js";
import { linesNear, outlinesOf } from "./ground.js";
import { History } from "./history.js";
import { Paint, pointerFeatures, shapeFeatures } from "./paint.js";
import * as rings from "./rings.js";
import { catching } from "./snap.js";

/** Taps nearer than this to the last corner are the same tap, in pixels. */
const STILL = 4;
/** Corners on the screen beyond which none can be taken: they would be one blot. */
const MOST_GRIPS = 500;

export class Board {
  /** @type {"rest" | "polygon" | "hole" | "circle" | "box" | "lasso"} what a tap does */
  mode = "rest";
  /** Whether lines on the map catch the pointer. */
  snaps = false;
  /** How near a corner or a line must be to be taken or to catch, in pixels; larger for fingers. */
  reach = 10;
  /** Metres; of the circle being drawn. */
  radius = 500;
  /** @type {[number, number] | null} of the circle being drawn */
  centre = null;
  /** @type {import("./rings.js").Place | null} the corner that was tapped */
  chosen = null;

  #map;
  #paint;
  #stop;
  #owner;
  #history = new History(rings.NOTHING);
  /** What is shown while a corner is dragged or a box pulled, before it counts. */
  #passing = null;
  #pointer = null;
  #repair = null;
  /** What can be taken on the screen; null while a ring is open. */
  #grips = null;
  /** Whether there are too many corners on the screen to take one. */
  crowded = false;

  /**
   * @param {any} map MapLibre's
   * @param {object} owner
   * @param {() => void} owner.changed  the shape, the mode or the choice is another
   * @param {(trouble: "few" | "outside") => void} [owner.refused]  a ring can't be closed: too few corners, a hole outside
   * @param {() => any[]} [owner.zones]  views of the zones shown, to catch the pointer
   */
  constructor(map, owner) {
    this.#map = map;
    this.#owner = owner;
    this.#paint = new Paint(map);
    this.#stop = listen(map, this);
    map.busy = this;
    document.documentElement.dataset.drawing = "rest";
  }

  /** @returns {import("./rings.js").State} */
  get state() {
    return this.#passing ?? this.#history.present;
  }

  /** GeoJSON in EPSG:4326, or null. A ring still open counts as if it were closed now. */
  get geometry() {
    return rings.toGeometry(this.state);
  }

  /** Whether there is anything that could be lost. */
  get hasWork() {
    return rings.count(this.state) > 0;
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** What {@link restore} takes. */
  keep() {
    return { ...this.#history.toJSON(), mode: this.mode === "box" || this.mode === "lasso" ? "rest" : this.mode, radius: this.radius, centre: this.centre };
  }

  /** Go on where somebody stopped. @param {ReturnType<Board["keep"]>} kept */
  restore({ present, past, mode, radius, centre }) {
    this.#history = new History(present, past);
    Object.assign(this, { radius, centre });
    this.#become(mode);
  }

  /** Begin with a shape that is there already. @param {any} geometry GeoJSON */
  load(geometry) {
    this.#history = new History(geometry ? rings.fromGeometry(geometry) : rings.NOTHING);
    this.#become("rest");
  }

  /** Put another shape in; it can be undone. @param {any} geometry */
  put(geometry) {
    this.#push(rings.fromGeometry(geometry));
    this.#become("rest");
  }

  /** Begin a polygon, a hole, a circle or a box. @param {"polygon" | "hole" | "circle" | "box" | "lasso"} mode */
  start(mode) {
    this.centre = null;
    const rest = rings.drop(this.state);
    if (mode === "polygon" || mode === "hole") this.#push(rings.begin(rest, mode === "hole"));
    else if (this.state.open) this.#push(rest);
    this.#become(mode);
  }

  /** End what was begun: a ring is closed. @returns {boolean} whether it could be */
  finish() {
    const { open } = this.state;
    if (open) {
      const begunOnly = !open.corners.length && this.state.parts.length > 0;
      const closed = begunOnly ? rings.drop(this.state) : rings.close(this.state);
      if (!closed) {
        this.#owner.refused?.(open.corners.length < 3 ? "few" : "outside");
        return false;
      }
      this.#push(closed);
    }
    this.#become("rest");
    return true;
  }

  /** Throw everything away; nothing is left to undo. */
  clear() {
    this.#history = new History(rings.NOTHING);
    this.#repair = null;
    this.#become("rest");
  }

  undo() {
    if (this.#history.undo()) this.#moved();
  }

  redo() {
    if (this.#history.redo()) this.#moved();
  }

  /** Take the chosen corner away, or of an open ring the last one. */
  removeCorner() {
    if (this.chosen) {
      this.#push(rings.remove(this.state, this.chosen));
      this.choose(null);
    } else if (this.state.open?.corners.length) this.undo();
  }

  /** Take the chosen corner's whole ring away: a hole, or a part. */
  removeRing() {
    if (!this.chosen) return;
    this.#push(rings.removeRing(this.state, this.chosen));
    this.choose(null);
  }

  /** Move the chosen corner by pixels. @param {number} x @param {number} y */
  nudge(x, y) {
    if (!this.chosen) return;
    const { part, ring, vertex } = this.chosen;
    const pixel = this.#map.project(this.state.parts[part][ring][vertex]);
    this.#push(rings.move(this.state, this.chosen, this.#map.unproject([pixel.x + x, pixel.y + y]).toArray()));
    this.#owner.changed();
    this.repaint();
  }

  /** Set the circle's centre and radius. @param {[number, number]} centre @param {number} metres */
  round(centre, metres) {
    const ring = circle(centre, metres);
    this.#push(this.centre ? rings.replaceLast(this.state, ring) : rings.include(this.state, ring));
    Object.assign(this, { centre, radius: metres, mode: "circle" });
    this.#become("circle");
  }

  /** Show what a shape that crosses itself would be repaired to. @param {{geometry: any, at: any} | null} repair */
  showRepair(repair) {
    this.#repair = repair;
    this.repaint();
  }

  /** A corner was tapped, or the middle of an edge, which becomes one. @param {any} grip null: none is chosen any more */
  choose(grip) {
    this.chosen = grip && { part: grip.part, ring: grip.ring, vertex: grip.vertex + (grip.middle ? 1 : 0) };
    if (grip?.middle) {
      const ring = this.state.parts[grip.part][grip.ring];
      const [[x, y], [u, v]] = [ring[grip.vertex], ring[(grip.vertex + 1) % ring.length]];
      this.#push(rings.insert(this.state, grip, [(x + u) / 2, (y + v) / 2]));
    }
    this.#owner.changed();
    this.repaint();
  }

  /** The corner, or else the middle of an edge, within reach. @param {[number, number]} pixel @param {number} reach */
  gripAt(pixel, reach) {
    let best = null;
    let least = reach;
    const look = (candidates, middle) => {
      for (const { at, point } of candidates) {
        const far = this.#near(point, pixel);
        if (far <= least) [best, least] = [{ ...at, middle }, far];
      }
    };
    look(this.#grips?.corners ?? [], false);
    if (!best) look(this.#grips?.middles ?? [], true);
    return best;
  }

  /** A tap on the map. @param {[number, number]} pixel */
  tap(pixel) {
    const { open } = this.state;
    if (this.mode === "circle") {
      const point = this.#point(pixel).point;
      if (this.centre) this.round(this.centre, Math.max(1, Math.round(distance(this.centre, point))));
      else this.round(point, this.radius);
    } else if (open) {
      if (open.corners.length > 2 && this.#near(open.corners[0], pixel) <= this.reach) this.finish();
      // The second half of a double click lands where the first did.
      else if (!open.corners.length || this.#near(open.corners[open.corners.length - 1], pixel) > STILL) {
        this.#push(rings.add(this.state, this.#point(pixel).point));
        this.#moved();
      }
    } else this.choose(null);
  }

  /** The pointer passes. @param {[number, number] | null} pixel */
  hover(pixel) {
    const before = this.#pointer;
    this.#pointer = pixel && this.state.open ? this.#point(pixel) : null;
    if (before || this.#pointer) this.#paint.pointer(() => pointerFeatures(this.state, this.#pointer));
  }

  /** A corner or the middle of an edge is dragged. @param {any} grip @param {[number, number]} pixel */
  drag(grip, pixel) {
    const before = this.#history.present;
    const { point, caught } = this.#point(pixel, grip);
    this.#passing = grip.middle ? rings.insert(before, grip, point) : rings.move(before, grip, point);
    this.chosen = { part: grip.part, ring: grip.ring, vertex: grip.vertex + (grip.middle ? 1 : 0) };
    this.#pointer = { point, caught };
    this.#owner.changed();
    this.repaint();
  }

  /** What was dragged counts from here. */
  dropped() {
    const made = this.#passing;
    this.letGo();
    if (made) this.#push(made);
    this.#owner.changed();
  }

  /** What was dragged goes back. */
  letGo() {
    this.#passing = null;
    this.#pointer = null;
    this.repaint();
  }

  /** A box is pulled. @param {[number, number]} from @param {[number, number]} to */
  pull(from, to) {
    this.#passing = rings.include(rings.NOTHING, this.#box(from, to));
    this.repaint();
  }

  /** The box is done; a tap is none. @param {[number, number]} from @param {[number, number]} to */
  pulled(from, to) {
    this.#passing = null;
    if (from[0] === to[0] || from[1] === to[1]) return;
    this.#push(rings.include(rings.NOTHING, this.#box(from, to)));
    this.#become("rest");
  }

  /** A lasso is drawn freehand. @param {[number, number][]} path pixels */
  trace(path) {
    if (path.length > 2) this.#passing = rings.include(rings.NOTHING, this.#lasso(path));
    this.repaint();
  }

  /** The lasso is let go; a tap is none. @param {[number, number][]} path pixels */
  traced(path) {
    this.#passing = null;
    const ring = this.#lasso(path);
    if (ring.length < 3) return this.repaint();
    this.#push(rings.include(rings.NOTHING, ring));
    return this.#become("rest");
  }

  /** A hand trembles: what is nearer than a tap to the corner before is none. */
  #lasso(path) {
    const kept = [];
    for (const pixel of path) {
      const last = kept[kept.length - 1];
      if (!last || Math.hypot(pixel[0] - last[0], pixel[1] - last[1]) > STILL) kept.push(pixel);
    }
    return kept.map((pixel) => this.#map.unproject(pixel).toArray());
  }

  /** Draw as it is now. */
  repaint() {
    this.#look();
    this.#paint.shape(() => shapeFeatures(this.state, { grips: this.#grips, chosen: this.chosen, repair: this.#repair }));
    this.#paint.pointer(() => pointerFeatures(this.state, this.#pointer));
  }

  /** Find what can be taken on the screen. */
  #look() {
    const bounds = this.#map.getBounds();
    const seen = ({ point }) => bounds.contains(point);
    const corners = this.mode === "rest" ? rings.vertices(this.state).filter(seen) : [];
    const crowded = corners.length > MOST_GRIPS;
    this.#grips = crowded || this.mode !== "rest" ? null : { corners, middles: rings.midpoints(this.state).filter(seen) };
    if (crowded === this.crowded) return;
    this.crowded = crowded;
    this.#owner.changed();
  }

  /** Take everything off the map. */
  remove() {
    this.#stop();
    this.#paint.remove();
    this.#map.busy = null;
    delete document.documentElement.dataset.drawing;
  }

  #box(from, to) {
    const [[west, north], [east, south]] = [from, to].map((pixel) => this.#map.unproject(pixel).toArray());
    const [w, e, s, n] = [Math.min(west, east), Math.max(west, east), Math.min(south, north), Math.max(south, north)];
    return [[w, s], [e, s], [e, n], [w, n]];
  }

  /** Where a corner would be set. @param {[number, number]} pixel @param {any} [own] the corner that moves: it does not catch itself */
  #point(pixel, own = null) {
    const plain = () => ({ point: /** @type {[number, number]} */ (this.#map.unproject(pixel).toArray()), caught: false });
    if (!this.snaps) return plain();
    const mine = this.#history.present.parts.flatMap((part, at) => part.map((ring, index) => ({ ring, moves: own && own.part === at && own.ring === index })))
      .filter(({ moves }) => !moves).map(({ ring }) => [...ring, ring[0]]);
    const lines = linesNear(this.#map, pixel, this.reach, [...outlinesOf(this.#owner.zones?.() ?? []), ...mine]);
    const there = (corner) => { const { x, y } = this.#map.project(corner); return [x, y]; };
    const found = catching(pixel, lines.map((line) => line.map(there)), this.reach);
    if (!found) return plain();
    return { point: this.#exactly(found.pixel, lines, there) ?? this.#map.unproject(found.pixel).toArray(), caught: true };
  }

  /** A corner that caught the pointer is taken to the last digit: neighbours share it. */
  #exactly([x, y], lines, there) {
    for (const corner of lines.flat()) {
      const [u, v] = there(corner);
      if (u === x && v === y) return corner;
    }
    return null;
  }

  #near(corner, [x, y]) {
    const there = this.#map.project(corner);
    return Math.hypot(there.x - x, there.y - y);
  }

  #push(next) {
    this.#history.push(next);
  }

  /** After a step back or forth: the mode follows from what is there. */
  #moved() {
    const { open } = this.state;
    this.#become(open ? (open.hole ? "hole" : "polygon") : "rest");
  }

  #become(mode) {
    this.mode = mode;
    if (mode !== "circle") this.centre = null;
    this.chosen = null;
    this.#pointer = null;
    document.documentElement.dataset.drawing = mode;
    this.#map.getCanvasContainer().classList.toggle("aiming", mode !== "rest");
    this.#owner.changed();
    this.repaint();
  }
}
