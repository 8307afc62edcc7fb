import assert from "node:assert/strict";
import { test } from "node:test";

import { circle, distance } from "../../static/map/draw/circle.js";
import { History } from "../../static/map/draw/history.js";
import * as rings from "../../static/map/draw/rings.js";
import { catching, linesOf, piecesIn } from "../../static/map/draw/snap.js";

const SQUARE = [[116.5, 30.6], [116.52, 30.6], [116.52, 30.62], [116.5, 30.62]];
const HOLE = [[116.505, 30.605], [116.51, 30.605], [116.51, 30.61]];
const drawn = (corners, state = rings.NOTHING, hole = false) => rings.close(corners.reduce(rings.add, rings.begin(state, hole)));

test("a ring closes with three corners, and becomes a part", () => {
  const two = SQUARE.slice(0, 2).reduce(rings.add, rings.begin(rings.NOTHING));
  assert.equal(rings.close(two), null);
  assert.equal(rings.toGeometry(two), null);
  const geometry = rings.toGeometry(drawn(SQUARE));
  assert.equal(geometry.type, "Polygon");
  assert.deepEqual(geometry.coordinates, [[...SQUARE, SQUARE[0]]]);
});

test("the second half of a double click adds no corner", () => {
  const state = rings.add(rings.begin(rings.NOTHING), SQUARE[0]);
  assert.equal(rings.add(state, SQUARE[0]), state);
});

test("an open ring counts as if it were closed now", () => {
  const open = SQUARE.slice(0, 3).reduce(rings.add, rings.begin(rings.NOTHING));
  assert.equal(rings.toGeometry(open).coordinates[0].length, 4);
});

test("a hole goes into the part it lies in, and nowhere else", () => {
  const far = SQUARE.map(([x, y]) => [x + 1, y]);
  const two = drawn(far, drawn(SQUARE));
  const holed = drawn(HOLE, two, true);
  assert.deepEqual(holed.parts.map((part) => part.length), [2, 1]);
  assert.equal(rings.toGeometry(holed).type, "MultiPolygon");
  assert.equal(drawn(HOLE.map(([x, y]) => [x, y + 5]), two, true), null);
});

test("corners are moved, set on an edge and taken away; a ring left with two goes, an outline with its holes", () => {
  const state = drawn(HOLE, drawn(SQUARE), true);
  const at = { part: 0, ring: 0, vertex: 3 };
  assert.deepEqual(rings.move(state, at, [116.4, 30.7]).parts[0][0][3], [116.4, 30.7]);
  assert.deepEqual(rings.insert(state, at, [116.5, 30.61]).parts[0][0].at(-1), [116.5, 30.61]);
  assert.equal(rings.remove(state, at).parts[0][0].length, 3);
  assert.equal(rings.remove(state, { part: 0, ring: 1, vertex: 0 }).parts[0].length, 1);
  assert.deepEqual(rings.remove(rings.remove(state, at), at).parts.length, 0);
  assert.equal(state.parts[0][0].length, 4, "the state before is as it was");
});

test("what comes from the server goes back as it was", () => {
  const state = drawn(HOLE, drawn(SQUARE), true);
  assert.deepEqual(rings.fromGeometry(rings.toGeometry(state)), state);
  assert.equal(rings.vertices(state).length, 7);
  assert.equal(rings.midpoints(state).length, 7);
  assert.equal(rings.count(state), 7);
});

test("undo and redo; a new step forgets what was undone; a reload keeps the steps", () => {
  const history = new History(0);
  assert.equal(history.push(0), false);
  for (const step of [1, 2, 3]) history.push(step);
  history.undo();
  history.undo();
  assert.equal(history.present, 1);
  assert.ok(history.redo());
  assert.equal(history.present, 2);
  const kept = JSON.parse(JSON.stringify(history));
  const again = new History(kept.present, kept.past);
  again.undo();
  assert.equal(again.present, 1);
  history.push(9);
  assert.equal(history.canRedo, false);
  while (history.undo());
  assert.equal(history.present, 0);
});

test("a circle's corners lie at its radius, from 1 m to 20 km", () => {
  for (const radius of [1, 500, 20_000]) {
    for (const corner of circle([116.57, 30.63], radius)) {
      assert.ok(Math.abs(distance([116.57, 30.63], corner) / radius - 1) < 1e-4);
    }
  }
});

test("distances agree with the geodesic", () => {
  // pyproj.Geod(ellps="WGS84").inv(116.57, 30.63, 116.58, 30.64)
  assert.ok(Math.abs(distance([116.57, 30.63], [116.58, 30.64]) - 1465.638) < 0.01);
});

test("a corner catches before an edge, an edge before nothing", () => {
  const lines = [[[0, 0], [100, 0]], [[50, 40], [50, 80]]];
  assert.deepEqual(catching([4, 5], lines, 10), { pixel: [0, 0], kind: "corner" });
  assert.deepEqual(catching([30, 6], lines, 10), { pixel: [30, 0], kind: "edge" });
  assert.equal(catching([30, 20], lines, 10), null);
});

test("of long lines only the edges near by are looked at", () => {
  const line = [[0, 0], [10, 0], [10, 10], [0, 10]];
  assert.deepEqual(piecesIn(line, [9, 4, 11, 6]), [[[10, 0], [10, 10]]]);
  assert.deepEqual(piecesIn(line, [20, 20, 21, 21]), []);
});

test("edges along which a tile was cut catch nothing", () => {
  const cut = { type: "Polygon", coordinates: [[[0, 0], [0, 5], [2, 6], [3, 4], [0, 0]]] };
  assert.deepEqual(linesOf(cut, true), [[[0, 5], [2, 6], [3, 4], [0, 0]]]);
  assert.deepEqual(linesOf(cut), cut.coordinates);
});
