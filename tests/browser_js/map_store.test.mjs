import assert from "node:assert/strict";
import { test } from "node:test";

import { Store, newestFirst, standingOf } from "../../static/map/store.js";
import { report } from "./map_reports.mjs";

test("changes on a snapshot give what a fresh snapshot gives", () => {
  const a = report();
  const b = report({ series: "s2" });
  const aSeen = { ...a, state: "seen" };
  const c = report({ corrects: b.id, series: "s2" });
  const bOld = { ...b, superseded_by: c.id };

  const followed = new Store();
  followed.replace({ epoch: "x", position: 1, objects: [a, b] });
  followed.put([aSeen]);
  followed.put([bOld, c]);
  const fresh = new Store();
  fresh.replace({ epoch: "x", position: 3, objects: [aSeen, bOld, c] });

  assert.deepEqual(new Map([...followed.objects].sort()), new Map([...fresh.objects].sort()));
  assert.deepEqual(followed.allStanding(), fresh.allStanding());
});

test("a report whose event was merged stands in its new series alone", () => {
  const filed = report({ series: "before" });
  const store = new Store();
  store.put([filed]);
  store.take();
  const moved = { ...filed, series: "after" };
  store.put([moved]);
  const { standing } = store.take();
  assert.deepEqual(standing.map(({ before, after }) => [before, after]).sort(), [[filed, null], [null, moved]].sort());
  assert.deepEqual(store.allStanding(), [moved]);
});

test("a fresh snapshot removes what it does not hold and says so", () => {
  const gone = report();
  const kept = report({ series: "s2" });
  const store = new Store();
  store.replace({ epoch: "x", position: 1, objects: [gone, kept] });
  store.take();
  store.replace({ epoch: "y", position: 9, objects: [kept] });
  const diff = store.take();
  assert.equal(diff.fresh, true);
  assert.deepEqual(diff.moves.filter(({ after }) => !after).map(({ before }) => before.id), [gone.id]);
  assert.deepEqual(diff.standing, [{ series: "s1", before: gone, after: null }]);
  assert.equal(store.epoch, "y");
});

test("the newest version stands that is neither superseded nor returned", () => {
  const old = report({ received_at: "2013-07-05T06:00:00Z", superseded_by: "x" });
  const middle = report({ received_at: "2013-07-05T07:00:00Z" });
  const returned = report({ received_at: "2013-07-05T08:00:00Z", state: "returned" });
  assert.equal(standingOf([returned, middle, old]), middle);
  assert.equal(standingOf([old, returned]), null);
});

test("of two versions that crossed the later one stands", () => {
  const one = report({ received_at: "2013-07-05T07:00:00Z" });
  const other = report({ received_at: "2013-07-05T07:00:01Z", crosses: one.id });
  assert.equal(standingOf([other, one]), other);
});

test("times with and without a fraction of a second are ordered as times", () => {
  const whole = report({ received_at: "2013-07-05T06:00:00Z" });
  const later = report({ received_at: "2013-07-05T06:00:00.000001Z" });
  assert.deepEqual([whole, later].sort(newestFirst), [later, whole]);
});

test("of versions received together the higher number is newer, also where it grew a digit", () => {
  const same = { received_at: "2013-07-05T06:00:00Z" };
  const low = report({ ...same, number: "340882-20130705-999999" });
  const high = report({ ...same, number: "340882-20130705-1000000" });
  assert.deepEqual([low, high].sort(newestFirst), [high, low]);
});

test("a difference tells the first and the last of several changes", () => {
  const a = report();
  const store = new Store();
  store.put([a]);
  store.take();
  store.put([{ ...a, state: "seen" }]);
  store.put([{ ...a, state: "returned" }]);
  const { moves, standing } = store.take();
  assert.equal(moves.length, 1);
  assert.equal(moves[0].before, a);
  assert.equal(moves[0].after.state, "returned");
  assert.deepEqual(standing, [{ series: "s1", before: a, after: null }]);
  assert.equal(store.dirty, false);
});
