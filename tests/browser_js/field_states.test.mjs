import assert from "node:assert/strict";
import { test } from "node:test";

import { MOVES, next, photoWords, stateOf, TONES, words } from "../../static/field/states.js";

const walk = (...events) => events.reduce(next, "draft");
const RECEIPT = { number: "340882-20130705-000012", at: "2013-07-05T06:30:00+08:00" };

test("a report's natural way, in words", () => {
  const way = ["seal", "send", "store", "see"];
  const told = way.map((_, at) => words(walk(...way.slice(0, at + 1)), RECEIPT).word);
  assert.deepEqual(told, ["已存手机", "发送中", "已到市局", "已阅"]);
});

test("nothing but the receipt leads to 已到市局", () => {
  const ways = Object.entries(MOVES).flatMap(([from, moves]) => Object.entries(moves).map(([event, to]) => ({ from, event, to })));
  assert.deepEqual(ways.filter(({ to }) => to === "stored"), [{ from: "sending", event: "store", to: "stored" }]);
  const saying = Object.keys(MOVES).filter((state) => words(state, { ...RECEIPT, remark: "r", message: "m" }).word === "已到市局");
  assert.deepEqual(saying, ["stored"]);
});

test("what can't happen is refused", () => {
  for (const [state, event] of [["queued", "store"], ["draft", "send"], ["stored", "send"], ["returned", "seal"], ["nowhere", "seal"]]) {
    assert.throws(() => next(state, event), /can't/);
  }
});

test("a lost line brings it back to the phone, a refusal to the officer's hand", () => {
  assert.equal(walk("seal", "send", "lose"), "queued");
  assert.equal(walk("seal", "send", "refuse", "seal"), "queued");
  assert.equal(walk("seal", "send", "refuse", "edit"), "draft");
});

test("the state is read off what the phone remembers, and 已到市局 needs the shelf of receipts", () => {
  assert.equal(stateOf({ shelf: "drafts" }), "draft");
  assert.equal(stateOf({ shelf: "drafts", problem: { number: "400.2" } }), "refused");
  assert.equal(stateOf({ shelf: "outbox" }), "queued");
  assert.equal(stateOf({ shelf: "outbox" }, true), "sending");
  assert.equal(stateOf({ shelf: "sent", view: null }), "stored");
  for (const state of ["stored", "seen", "returned", "approved"]) assert.equal(stateOf({ shelf: "sent", view: { state } }), state);
});

test("number and time stand beside 已到市局; the remark leads in 退回", () => {
  assert.equal(words("stored", RECEIPT).detail, "编号 340882-20130705-000012 · 2013-07-05 06:30");
  assert.deepEqual(words("returned", { ...RECEIPT, remark: "户数不对" }), {
    lead: "退回意见:户数不对", word: "退回", detail: "编号 340882-20130705-000012 · 2013-07-05 06:30",
  });
  assert.equal(words("refused", { message: "有内容需要改正" }).lead, "有内容需要改正");
});

test("every state has words and a tone", () => {
  for (const state of Object.keys(MOVES)) {
    assert.ok(words(state).word, state);
    assert.ok(TONES[state], state);
  }
});

test("photos are counted as they arrive, and one that failed says why", () => {
  assert.equal(photoWords({}), "");
  assert.equal(photoWords({ a: "stored", b: "waiting", c: "stored" }), "照片 2/3 已传");
  assert.equal(photoWords({ a: "stored", b: "这个文件不是照片" }), "照片 1/2 已传 · 这个文件不是照片");
  assert.equal(photoWords({ a: "stored", b: "waiting" }, ["b"]), "照片 1/1 已传 · 语音 0/1 已传");
  assert.equal(photoWords({ b: "stored" }, ["b"]), "语音 1/1 已传");
});
