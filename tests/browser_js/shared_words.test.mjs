import assert from "node:assert/strict";
import { test } from "node:test";

import { decimal, distance, plainNumber } from "../../static/shared/format.js";
import { clock, fromLocal, iso, local } from "../../static/shared/time.js";

const zh = (text) => text;

test("times are Beijing's, wherever the phone believes it is", () => {
  assert.equal(local("2026-07-05T16:30:00Z"), "2026-07-06T00:30");
  assert.equal(fromLocal("2026-07-06T00:30"), "2026-07-06T00:30:00.000+08:00");
  assert.equal(iso("2026-07-05T16:30:00Z"), "2026-07-06T00:30:00.000+08:00");
  assert.equal(fromLocal(""), null);
  assert.equal(fromLocal("2026-13-40T99:00"), null);
});

test("the year is told where it is not this one, by Beijing's new year", () => {
  const now = Date.parse("2026-12-31T16:30:00Z"); // half past midnight of 2027 in Beijing
  assert.equal(clock("2026-12-31T17:00:00Z", now), "01-01 01:00");
  assert.equal(clock("2026-12-31T15:00:00Z", now), "2026-12-31 23:00");
  assert.equal(clock(null, now), "");
});

test("typed numbers become plain", () => {
  assert.equal(plainNumber(" 1,200 "), "1200");
  assert.equal(plainNumber("12.5"), "12.5");
  assert.equal(plainNumber("3。5"), "3.5");
  assert.equal(plainNumber("-1"), "-1");
  assert.equal(plainNumber("1,200"), "1200");
});

test("figures and distances as people read them", () => {
  assert.equal(decimal(6133.333333), "6133.33");
  assert.equal(decimal(12), "12");
  assert.deepEqual([0.2, 12.4, 1250].map((metres) => distance(metres, zh)), ["1 米", "12 米", "1.3 千米"]);
});
