import assert from "node:assert/strict";
import { test } from "node:test";

import { got, isDone, left, since, stocked, unsigned } from "../../static/receive/known.js";

const HOME = { application: "a", goods: [{ item: "quilt", granted: 3, given: 1 }] };
const PLACE = { id: "p", goods: { quilt: 4 } };
const row = (shown, stored = "") => ({ shown: { to: "/api/issues", place: "p", ...shown }, ...(stored && { answer: { stored_at: stored } }) });

test("what was sealed here counts before the server knows of it", () => {
  const rows = [row({ application: "a", given: { quilt: 2 }, taken: { quilt: 2 } })];
  assert.deepEqual([left(HOME, rows), got(HOME, rows), stocked(PLACE, rows)], [{ quilt: 0 }, { quilt: 3 }, { quilt: 2 }]);
  assert.ok(isDone(left(HOME, rows)));
});

test("what arrived may be given out at once, and what came back damaged is not in store", () => {
  const arrived = row({ taken: { quilt: -20, coat: -5 } });
  const back = row({ application: "a", given: { quilt: -1 }, taken: { quilt: 0 } });
  assert.deepEqual(stocked(PLACE, [arrived, back]), { quilt: 24, coat: 5 });
  assert.deepEqual(left(HOME, [back]), { quilt: 3 });
});

test("what the list knows already is not counted twice", () => {
  const old = row({ application: "a", given: { quilt: 1 } }, "2026-11-26T08:00:00+08:00");
  const fresh = row({ application: "a", given: { quilt: 1 } }, "2026-11-26T10:00:00+08:00");
  assert.deepEqual(since({ outbox: [], sent: [old, fresh] }, "2026-11-26T01:00:00Z"), [fresh]);
});

test("a load signed for on this phone waits no more, also before the list is asked again; the other load does", () => {
  const loads = [{ id: "d", load: 1 }, { id: "d", load: 2 }, { id: "e", load: 1 }];
  const kept = (document, load, stored_at) => ({ ...row({}), answer: { document, load, stored_at } });
  const fetched = "2026-11-26T01:00:00Z";
  const held = {
    outbox: [{ ...row({}), body: { document: "d", load: 2 } }],
    sent: [kept("e", 1, "2026-11-26T10:00:00+08:00"), kept("d", 1, "2026-11-26T08:00:00+08:00")],
  };
  assert.deepEqual(unsigned(loads, held, fetched), [{ id: "d", load: 1 }], "what was short then is on its way again");
});
