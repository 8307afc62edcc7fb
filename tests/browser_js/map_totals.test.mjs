import assert from "node:assert/strict";
import { test } from "node:test";

import { Order } from "../../static/map/order.js";
import { Store, newestFirst } from "../../static/map/store.js";
import { Totals } from "../../static/map/totals.js";
import { report } from "./map_reports.mjs";

/** A small generator with a seed: the same storm every time. */
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** A storm of corrections, returns and readings, taken in frames of any size. */
function storm(seed, follow) {
  const roll = dice(seed);
  const store = new Store();
  const filed = [];
  for (let step = 0; step < 400; step += 1) {
    const what = roll(10);
    const some = filed[roll(Math.max(1, filed.length))];
    if (what < 6 || !some) {
      const series = `s${roll(20)}`;
      const fresh = report({
        series, area: `3408821${series.padStart(5, "0")}`, event: `e${roll(2)}`,
        received_at: `2013-07-05T0${roll(9)}:00:00.${roll(1000)}Z`,
        figures: { affected: roll(5000), crops_affected: roll(100_000) / 100 },
      });
      filed.push(fresh);
      store.put([fresh]);
    } else {
      const change = what < 8 ? { state: "returned" } : what < 9 ? { superseded_by: "x" } : { state: "seen" };
      const at = filed.indexOf(some);
      filed[at] = { ...some, ...change };
      store.put([filed[at]]);
    }
    if (roll(3) === 0) follow(store.take());
  }
  follow(store.take());
  return { store, filed };
}

test("sums that followed every change equal sums counted afresh", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const matches = (view) => view.event === "e1";
    const followed = new Totals(matches);
    const { store } = storm(seed, (diff) => followed.apply(diff.standing));
    const fresh = new Totals(matches);
    fresh.recount(store.allStanding());
    assert.ok(fresh.reports > 0);
    for (const key of ["affected", "crops_affected"]) assert.equal(followed.sum(key), fresh.sum(key));
    assert.equal(followed.reports, fresh.reports);
    assert.equal(followed.villages, fresh.villages);
  }
});

test("the list that followed every change equals the list sorted afresh", () => {
  for (const seed of [1, 2, 3]) {
    const matches = (view) => view.state !== "seen";
    const order = new Order();
    const { filed } = storm(seed, (diff) => order.apply(diff.moves, matches));
    assert.deepEqual(order.rows.map(({ id }) => id), filed.filter(matches).sort(newestFirst).map(({ id }) => id));
  }
});

test("the list says how many came in above what was its top", () => {
  const order = new Order();
  const old = report({ received_at: "2013-07-05T01:00:00Z" });
  order.reset([old]);
  const newer = [report({ received_at: "2013-07-05T02:00:00Z" }), report({ received_at: "2013-07-05T03:00:00Z" })];
  assert.equal(order.apply(newer.map((after) => ({ before: undefined, after })), () => true), 2);
  assert.equal(order.apply([{ before: newer[0], after: { ...newer[0], state: "seen" } }], () => true), 0);
});

test("a later version replaces the earlier figures, it does not add to them", () => {
  const store = new Store();
  const totals = new Totals();
  const first = report({ figures: { affected: 100, crops_affected: 0.1 } });
  const later = report({ figures: { affected: 250, crops_affected: 0.2 }, received_at: "2013-07-05T09:00:00Z" });
  store.put([first]);
  totals.apply(store.take().standing);
  store.put([{ ...first, superseded_by: later.id }, later]);
  totals.apply(store.take().standing);
  assert.equal(totals.sum("affected"), 250);
  assert.equal(totals.sum("crops_affected"), 0.2);
  assert.equal(totals.reports, 1);
});
