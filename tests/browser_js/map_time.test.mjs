import assert from "node:assert/strict";
import { test } from "node:test";

import { Player, beside } from "../../static/map/time/player.js";
import { Tape, isThere, msOf } from "../../static/map/time/tape.js";

const at = (minute) => Date.UTC(2026, 6, 5, 0, minute);
const iso = (minute) => new Date(at(minute)).toISOString();
const report = (id, state) => ({ object: "report", id, state });

/** A server with four rows, two a page, which counts what it is asked. */
function server() {
  const rows = [[5, "a", "stored"], [10, "b", "stored"], [20, "a", "seen"], [30, "c", "stored"]]
    .map(([minute, id, state], n) => ({ at: iso(minute), id: n + 1, verb: "report.submitted", put: [report(id, state)] }));
  const asked = [];
  const get = async (path) => {
    const url = new URL(path, "http://here");
    asked.push(url.pathname.split("/").pop());
    const query = Object.fromEntries(url.searchParams);
    if (url.pathname.endsWith("state")) {
      const known = new Map();
      for (const row of rows) if (row.at <= query.at) for (const view of row.put) known.set(view.id, view);
      return { objects: [...known.values()], unmoved: [] };
    }
    const left = rows.filter((row) => (query.after ? row.id > Number(query.after) : row.at > query.since) && row.at <= query.until).slice(0, 2);
    return { rows: left, next: left.length ? { since: left.at(-1).at, after: left.at(-1).id } : null };
  };
  return { get, asked };
}

const shown = (tape) => tape.objects.map(({ id, state }) => `${id}:${state}`).sort().join(" ");

test("a tape stands where it is asked to, forwards and backwards, and reads its pages once", async () => {
  const { get, asked } = server();
  const tape = new Tape("e", get, at(60));
  await tape.seek(at(0));
  assert.equal(shown(tape), "");
  for (const [minute, told] of [[7, "a:stored"], [25, "a:seen b:stored"], [10, "a:stored b:stored"], [60, "a:seen b:stored c:stored"], [0, ""]]) {
    await tape.seek(at(minute));
    assert.equal(shown(tape), told, `at ${minute}`);
  }
  assert.deepEqual(asked, ["state", "changes", "changes", "changes"]);
});

test("a tape threaded late is threaded anew for what lies before", async () => {
  const { get, asked } = server();
  const tape = new Tape("e", get, at(60));
  await tape.seek(at(25));
  assert.equal(shown(tape), "a:seen b:stored");
  await tape.seek(at(6));
  assert.equal(shown(tape), "a:stored");
  assert.equal(asked.filter((what) => what === "state").length, 2);
});

test("zones end by the clock, too", () => {
  const zone = { object: "zone", state: "active", valid_from: iso(10), valid_to: iso(20) };
  assert.deepEqual([5, 10, 19, 20].map((minute) => isThere(zone, at(minute))), [false, true, true, false]);
  assert.equal(isThere({ ...zone, state: "lifted" }, at(15)), false);
});

test("a player passes a minute in a second at 60×, stops at the end, and begins anew", () => {
  const player = new Player(at(0), at(2));
  player.go(at(0));
  player.toggle(0);
  player.tick(1_000);
  assert.equal(player.at, at(1));
  player.tick(9_000);
  assert.deepEqual([player.at, player.playing], [at(2), false]);
  player.toggle(10_000);
  assert.deepEqual([player.at, player.playing], [at(0), true]);
});

test("the moment beside one is the nearest of its side", () => {
  assert.deepEqual([beside([1, 5, 9], 5, 1), beside([1, 5, 9], 5, -1), beside([1], 1, 1)], [9, 1, undefined]);
});

test("a moment finer than a millisecond has come at the next one, never before it", () => {
  assert.equal(msOf("2026-07-05T00:00:00.123001Z"), Date.UTC(2026, 6, 5, 0, 0, 0, 124));
  assert.equal(msOf("2026-07-05T00:00:00.123000Z"), Date.UTC(2026, 6, 5, 0, 0, 0, 123));
  assert.equal(msOf("2026-07-05T00:00:00Z"), Date.UTC(2026, 6, 5));
});
