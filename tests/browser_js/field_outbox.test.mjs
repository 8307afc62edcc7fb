import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Refusal, Unreachable } from "../../static/shared/api.js";
import { all, write } from "../../static/shared/db.js";
import { Outbox, seal } from "../../static/field/outbox.js";

// Without IndexedDB the phone's memory is memory: enough to follow the papers from shelf to shelf.
const draft = (id, more = {}) => ({ id, by: "7", area: "340882101201", figures: {}, photos: [], notes: {}, problem: null, ...more });
const report = (id, more = {}) => ({ id, area: "340882101201", figures: {}, units: {}, photos: [], corrects: null, submitted_at: "2026-07-05T06:00:00+08:00", ...more });
const receipt = ({ report: { id } }) => ({ type: "report.stored", id, number: `N-${id}` });
const ids = async (store) => (await all(store)).map(({ id }) => id);

let at = 0;
const put = (id, more = {}) => seal(draft(id), report(id, more), {}, ++at);

function outboxOf(submit, upload = async () => {}) {
  const calls = { changes: 0, strangers: 0 };
  const outbox = new Outbox({ person: () => "7", submit, upload, onChange: () => calls.changes++, onStranger: () => calls.strangers++ });
  return { outbox, calls };
}

beforeEach(async () => {
  for (const store of ["drafts", "outbox", "sent"]) await write({ [store]: { remove: await ids(store) } });
  await write({ photos: { remove: (await all("photos")).map(({ hash }) => hash) } });
});

test("oldest first; each stays in the outbox until its own receipt", async () => {
  await put("a");
  await put("b");
  const seen = [];
  const { outbox } = outboxOf(async (message, { id }) => {
    seen.push([id, await ids("outbox"), await ids("sent")]);
    return receipt(message);
  });
  await outbox.flush();
  assert.deepEqual(seen, [["a", ["a", "b"], []], ["b", ["b"], ["a"]]]);
  assert.deepEqual((await all("sent")).map((row) => row.receipt.number), ["N-a", "N-b"]);
});

for (const [name, error] of [
  ["no network", new Unreachable("x")],
  ["the server is busy", new Refusal({ number: "503.1", message: "x" })],
  ["too fast", new Refusal({ number: "429.1", message: "x", retry_after_s: 60 })],
  ["signed out", new Refusal({ number: "401.1", message: "x" })],
  ["a fault of our own", new TypeError("x")],
]) {
  test(`${name}: all of it stays`, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    await put("a");
    await put("b");
    const { outbox, calls } = outboxOf(async () => { throw error; });
    await outbox.flush();
    assert.deepEqual(await ids("outbox"), ["a", "b"]);
    assert.deepEqual([await ids("sent"), await ids("drafts")], [[], []]);
    assert.equal(calls.strangers, error.status === 401 ? 1 : 0);
    assert.equal(outbox.inFlight.size, 0);
  });
}

test("a refused one goes back to its officer with the reasons; the next is not held up", async () => {
  await put("a");
  await put("b", { corrects: "a" });
  const corrected = [];
  const { outbox } = outboxOf(async (message, { id }) => {
    if (id === "a") throw new Refusal({ number: "400.2", message: "有内容需要改正", errors: { "figures.dead": "因灾死亡人口…" } });
    corrected.push(message.report.corrects);
    return receipt(message);
  });
  await outbox.flush();
  const [back] = await all("drafts");
  assert.equal(back.id, "a");
  assert.equal(back.problem.errors["figures.dead"], "因灾死亡人口…");
  assert.deepEqual([await ids("outbox"), await ids("sent")], [[], ["b"]]);
  assert.deepEqual(corrected, [null], "a version that was never stored is corrected by nobody");
});

test("an id that has other content gets a new one", async () => {
  await put("a");
  const { outbox } = outboxOf(async () => { throw new Refusal({ number: "409.1", message: "x" }); });
  await outbox.flush();
  const [back] = await all("drafts");
  assert.notEqual(back.id, "a");
});

test("photos follow their report, each marked apart, and their bytes are forgotten then", async () => {
  for (const hash of ["p1", "p2"]) await write({ photos: { put: [{ hash, bytes: new ArrayBuffer(1) }] } });
  await put("a", { photos: ["p1", "p2"] });
  const order = [];
  const { outbox } = outboxOf(async (message) => (order.push("report"), receipt(message)), async (row, hash) => {
    order.push(hash);
    if (hash === "p2") throw new Refusal({ number: "400.5", message: "这个文件不是照片" });
  });
  await outbox.flush();
  assert.deepEqual(order, ["report", "p1", "p2"]);
  assert.deepEqual((await all("sent"))[0].photos, { p1: "stored", p2: "这个文件不是照片" });
  assert.deepEqual(await all("photos"), []);
});

test("a photo that does not get through is tried again, and its report is not sent again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  await write({ photos: { put: [{ hash: "p1", bytes: new ArrayBuffer(1) }] } });
  await put("a", { photos: ["p1"] });
  let reports = 0;
  let line = false;
  const { outbox } = outboxOf(async (message) => (reports++, receipt(message)), async () => { if (!line) throw new Unreachable("x"); });
  await outbox.flush();
  assert.equal((await all("sent"))[0].photos.p1, "waiting");
  line = true;
  await outbox.flush();
  assert.equal((await all("sent"))[0].photos.p1, "stored");
  assert.equal(reports, 1);
});

test("told another byte to go on from: the photo waits and is asked about again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  await write({ photos: { put: [{ hash: "p1", bytes: new ArrayBuffer(1) }] } });
  await put("a", { photos: ["p1"] });
  let wrong = true;
  const { outbox } = outboxOf(async (message) => receipt(message), async () => { if (wrong) throw new Refusal({ number: "409.6", message: "x" }); });
  await outbox.flush();
  assert.equal((await all("sent"))[0].photos.p1, "waiting");
  wrong = false;
  await outbox.flush();
  assert.equal((await all("sent"))[0].photos.p1, "stored");
});

test("sealed while a round runs: that round takes it along", async () => {
  await put("a");
  const { outbox } = outboxOf(async (message, { id }) => {
    if (id === "a") {
      await put("b");
      outbox.flush();
    }
    return receipt(message);
  });
  await outbox.flush();
  assert.deepEqual(await ids("sent"), ["a", "b"]);
});
