import assert from "node:assert/strict";
import { test } from "node:test";

import { next, shown, words } from "../../static/field/states.js";

const walk = (...happenings) => happenings.reduce(next, "draft");

test("a report's natural way, step by step in words", () => {
  const heads = ["seal", "send", "stored", "seen"].map((_, at, all) => words(walk(...all.slice(0, at + 1)), {}).head);
  assert.deepEqual(heads, ["已存手机", "发送中", "已到市局", "已阅"]);
});

test("nothing but the server's receipt says 已到市局", () => {
  for (const state of ["draft", "kept", "sending", "refused", "seen", "returned"]) {
    for (const happening of ["seal", "send", "lost", "busy", "refused", "seen", "returned", "edit", "stored"]) {
      let after;
      try { after = next(state, happening); } catch { continue; }
      if (after === "arrived") assert.deepEqual([state, happening], ["sending", "stored"]);
    }
  }
});

test("what can't happen is refused", () => {
  assert.throws(() => next("kept", "stored"), /can't happen/);
  assert.throws(() => next("arrived", "send"), /can't happen/);
});

test("a lost line brings it back to the phone, a refusal to the officer's hand", () => {
  assert.equal(walk("seal", "send", "lost"), "kept");
  assert.equal(walk("seal", "send", "refused", "seal"), "kept");
});

test("the number and the time stand beside 已到市局, the remark before all in 退回", () => {
  const facts = { number: "340882-20130705-000012", received: "07-05 06:30" };
  assert.deepEqual(words("arrived", facts), { head: "已到市局", detail: "340882-20130705-000012 · 07-05 06:30" });
  assert.equal(words("returned", { ...facts, remark: "户数不对" }).head, "退回:户数不对");
});

test("what the bureau did overtakes what the phone remembers", () => {
  assert.equal(shown("arrived", undefined), "arrived");
  assert.equal(shown("arrived", { state: "returned" }), "returned");
  assert.equal(shown("sending", { state: "stored" }), "arrived");
  assert.equal(shown("arrived", { state: "approved" }), "seen");
});
