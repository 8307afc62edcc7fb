import assert from "node:assert/strict";
import { test } from "node:test";

import { features, label } from "../../static/map/layers/cases.js";

const CASE = { id: "c", kind: "short", state: "open", quantity: 13, lon: 116.6, lat: 30.7, source_lon: 116.5, source_lat: 30.6 };

test("an open case is drawn as the way it stopped on and the place, with how many", () => {
  const [way, place] = features([CASE]);
  assert.deepEqual(way.geometry, { type: "LineString", coordinates: [[116.5, 30.6], [116.6, 30.7]] });
  assert.deepEqual(place.geometry, { type: "Point", coordinates: [116.6, 30.7] });
  assert.deepEqual(place.properties, { id: "c", kind: "short", sign: "case-short-13" });
});

test("what is settled is drawn no more, and a number never outgrows its badge", () => {
  assert.deepEqual(features([{ ...CASE, state: "settled" }]), []);
  assert.deepEqual([999, 1000, 40_000].map(label), ["999", "999+", "999+"]);
});
