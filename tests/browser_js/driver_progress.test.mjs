import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, metres, nextPlace } from "../../static/driver/progress.js";

const AT = "2026-12-20T08:00:00+08:00";
const stop = (id, place, more = {}) => ({ id, place, name: place, is_drop: true, arrived_at: null, goods: {}, ...more });
const entry = (state, stops, unsent = []) => ({ trip: { state, stops, departed_at: null }, unsent });
const kinds = (...all) => all.map((kind) => ({ kind, at: AT }));

test("what the driver did counts at once, before the server has heard of it", () => {
  const trip = entry("ready", [stop(1, "a"), stop(2, "a"), stop(3, "b")]);
  assert.deepEqual(applied(trip, []).next, { kind: "depart", stop: null });
  const away = applied(trip, kinds("depart"));
  assert.equal(away.state, "away");
  assert.equal(away.next.stop.id, 1);
  const first = applied(trip, kinds("depart", "arrive"));
  assert.deepEqual(first.stops.map(({ arrived_at: at }) => at), [AT, AT, null]);
  assert.equal(first.next.stop.id, 3);
  const all = applied(trip, kinds("depart", "arrive", "arrive"));
  assert.deepEqual([all.state, all.next], ["arrived", { kind: "back", stop: null }]);
  assert.equal(applied(trip, kinds("depart", "arrive", "arrive", "back")).next, null);
  assert.equal(trip.trip.stops[0].arrived_at, null);
});

test("what is fetched on the way is loaded before the lorry goes on", () => {
  const trip = entry("away", [stop(1, "a", { is_drop: false, arrived_at: AT }), stop(2, "b")], [1]);
  assert.deepEqual(applied(trip, []).next.kind, "load");
  assert.deepEqual(applied(trip, [{ kind: "load", stop: 1, at: AT }]).next.stop.id, 2);
});

test("a place visited twice is two places in a row of stops", () => {
  const stops = [stop(1, "a", { arrived_at: AT }), stop(2, "b"), stop(3, "a")];
  assert.deepEqual(nextPlace(stops).map(({ id }) => id), [2]);
});

test("a hundredth of a degree of latitude is some 1,112 metres", () => {
  assert.ok(Math.abs(metres([116.5, 30.6], [116.5, 30.61]) - 1112) < 1);
  assert.ok(Math.abs(metres([116.5, 30.6], [116.51, 30.6]) - 957) < 2);
});
