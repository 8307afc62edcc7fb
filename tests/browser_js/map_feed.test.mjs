import assert from "node:assert/strict";
import { test } from "node:test";

import { Feed } from "../../static/map/feed.js";
import { lightOf, STALE_MS } from "../../static/map/panels/light.js";
import { Store } from "../../static/map/store.js";

const view = (id, fields = {}) => ({ object: "event", id, name: id, ...fields });
const welcome = (position, epoch = "x") => ({ type: "welcome", position, epoch });
const frame = (...changes) => ({
  type: "change", position: changes.at(-1).position, changes,
});
const change = (position, ...put) => ({ position, at: "2013-07-05T06:00:00Z", verb: "event.opened", area: "340882000000", put });
const settled = () => new Promise((done) => setImmediate(done));

/** A feed whose server hands out the given snapshots, one for each time it is asked. */
function world(...snapshots) {
  const sent = [];
  const later = [];
  let asked = 0;
  let now = 1_000;
  let changed = 0;
  const store = new Store();
  const feed = new Feed({
    store,
    fetchSnapshot: async () => {
      const next = snapshots[asked++];
      if (next instanceof Error) throw next;
      return next;
    },
    send: (message) => sent.push(message),
    onChange: () => {},
    onRightsChanged: () => { changed += 1; },
    clock: () => now,
    later: (work) => later.push(work),
  });
  return { feed, store, sent, later, asked: () => asked, changed: () => changed, tick: (ms) => (now += ms) };
}

test("first a snapshot, then its position is resumed from", async () => {
  const { feed, store, sent } = world({ epoch: "x", position: 7, objects: [view("a")] });
  feed.hear(welcome(7));
  assert.equal(feed.phase, "loading");
  await settled();
  assert.deepEqual(sent[0], { type: "feed.resume", since: 7, epoch: "x" });
  assert.equal(store.objects.size, 1);
});

test("positions already had are not applied again", async () => {
  const { feed, store } = world({ epoch: "x", position: 7, objects: [view("a", { name: "new" })] });
  feed.hear(welcome(7));
  await settled();
  feed.hear(frame(change(6, view("a", { name: "old" })), change(8, view("b"))));
  assert.equal(store.objects.get("event:a").name, "new");
  assert.ok(store.objects.has("event:b"));
  assert.equal(store.position, 8);
});

test("a break is caught up from the position had, without a snapshot", async () => {
  const { feed, store, sent, asked } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear(welcome(7));
  await settled();
  feed.lost();
  assert.equal(feed.phase, "down");
  feed.connecting();
  feed.hear(welcome(9));
  assert.equal(feed.phase, "catching");
  assert.deepEqual(sent.filter(({ type }) => type === "feed.resume").at(-1), { type: "feed.resume", since: 7, epoch: "x" });
  feed.hear(frame(change(8, view("a"))));
  assert.equal(feed.phase, "catching", "one of two missed positions is not all");
  feed.hear(frame(change(9, view("b"))));
  assert.equal(feed.phase, "live");
  assert.equal(store.objects.size, 2);
  assert.equal(asked(), 1);
});

test("an empty frame closes the catching up where nothing missed was ours", async () => {
  const { feed, store } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear(welcome(9));
  await settled();
  feed.hear({ type: "change", position: 9, changes: [] });
  assert.equal(feed.phase, "live");
  assert.equal(store.position, 9);
});

test("a pong that overtakes the missed changes does not hide them", async () => {
  const { feed, store } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear(welcome(9));
  await settled();
  feed.hear({ type: "pong", position: 9 });
  assert.equal(feed.phase, "catching");
  feed.hear(frame(change(8, view("a")), change(9, view("b"))));
  assert.equal(store.objects.size, 2);
  feed.hear({ type: "pong", position: 12 });
  assert.equal(store.position, 12, "on a live line everything up to the pong was sent");
});

test("another epoch or a gap too wide means a fresh snapshot, never a part", async () => {
  const { feed, store } = world(
    { epoch: "x", position: 7, objects: [view("old")] },
    { epoch: "y", position: 2, objects: [view("new")] },
    { epoch: "y", position: 90, objects: [view("newer")] },
  );
  feed.hear(welcome(7));
  await settled();
  feed.hear(welcome(2, "y"));
  await settled();
  assert.deepEqual([...store.objects.keys()], ["event:new"]);
  feed.hear({ type: "snapshot_needed", reason: "far", position: 90, epoch: "y" });
  feed.hear(frame(change(91, view("straggler"))));
  await settled();
  assert.deepEqual([...store.objects.keys()], ["event:newer"]);
  assert.equal(store.position, 90);
});

test("a snapshot that fails is asked for again; one that comes after a break is not used", async () => {
  const { feed, store, later } = world(new Error("503"), { epoch: "x", position: 3, objects: [view("a")] });
  feed.hear(welcome(3));
  await settled();
  assert.equal(feed.phase, "loading");
  later.shift()();
  feed.lost();
  await settled();
  assert.equal(store.objects.size, 0);
  assert.equal(feed.phase, "down");
});

test("the light is green only when live and heard from", () => {
  const now = 100_000;
  assert.equal(lightOf({ phase: "live", lostAt: null, heard: now - 1_000 }, now).state, "live");
  assert.deepEqual(lightOf({ phase: "live", lostAt: null, heard: now - STALE_MS - 1 }, now), { state: "down", since: now - STALE_MS - 1 });
  assert.equal(lightOf({ phase: "catching", lostAt: 90_000, heard: now }, now).state, "connecting");
  assert.equal(lightOf({ phase: "connecting", lostAt: null, heard: 0 }, now).state, "connecting");
});

test("a break began when the line was lost, however often it was tried since", async () => {
  const { feed, tick } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear(welcome(7));
  await settled();
  feed.hear({ type: "change", position: 7, changes: [] });
  const lost = tick(5_000);
  feed.lost();
  tick(5_000);
  feed.connecting();
  tick(5_000);
  feed.lost();
  assert.deepEqual(lightOf(feed, tick(1_000)), { state: "down", since: lost });
  feed.hear(welcome(7));
  feed.hear({ type: "change", position: 7, changes: [] });
  assert.equal(lightOf(feed, tick(1_000)).state, "live");
});

test("other areas than before are told to the page", async () => {
  const { feed, changed } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear({ ...welcome(7), areas: ["340882000000"] });
  await settled();
  feed.lost();
  feed.hear({ ...welcome(7), areas: ["340882000000"] });
  assert.equal(changed(), 0);
  feed.lost();
  feed.hear({ ...welcome(7), areas: ["340882101000"] });
  assert.equal(changed(), 1);
});

test("a silent line is asked for a pong, a lost one is not", async () => {
  const { feed, sent, tick } = world({ epoch: "x", position: 7, objects: [] });
  feed.hear(welcome(7));
  await settled();
  feed.beat();
  const pings = () => sent.filter(({ type }) => type === "ping").length;
  assert.equal(pings(), 0, "just heard");
  tick(10_000);
  feed.beat();
  assert.equal(pings(), 1);
  feed.lost();
  feed.beat();
  assert.equal(pings(), 1);
});
