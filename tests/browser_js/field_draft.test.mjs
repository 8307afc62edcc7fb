import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, beginZero, canonicalOf, switchUnit, versionsOf, wire } from "../../static/field/draft.js";
import { faultsOf, faultsTold } from "../../static/field/judgement.js";

const JIA = "340882101201";
const NOW = new Date("2026-07-05T06:00:00Z");
const row = (key, more = {}) => ({ key, zh: key, en: key, unit: "人", unit_en: "people", type: "int", accepts_mu: false, main: true, cumulative: true, ...more });
const INDICATORS = [row("affected"), row("dead"), row("crops_affected", { type: "dec2", unit: "公顷", accepts_mu: true })];
const dead = { key: "affected>=dead", severity: "hard", op: "ge", left: "affected", right: ["dead"], anchor: "figures.dead", tolerance: 0, least: 1, low: null, high: null, factor: 1, kinds: [], months: {}, zh: "死亡{right_value}大于受灾{left_value}", en: "" };
const place = { ...dead, key: "position_outside_township", severity: "soft", op: "place", left: "", right: [], anchor: "fix", zh: "定位不在本乡镇范围内" };
const CATALOGUE = { indicators: INDICATORS, checks: [dead, place], hazards: [], too_large: 1e10, mu_per_hectare: 15 };

const view = (id, more = {}) => ({ id, area: JIA, event: "E", hazard: "flood", state: "stored", superseded_by: null, figures: {}, received_at: "2026-07-05T05:00:00Z", ...more });
const sealed = (id, more = {}, receipt = null) => ({ id, report: { id, area: JIA, event: "E", hazard: "flood", corrects: null, submitted_at: "2026-07-05T05:30:00Z", ...more }, canonical: { affected: 9 }, receipt, photos: {} });
const start = (versions, more = {}) => begin({ by: "7", area: JIA, event: "E", hazard: "flood", versions, indicators: INDICATORS, mu: true, now: NOW, ...more });

test("a first report knows nothing; the next opens on the last cumulative figures and names their version", () => {
  assert.deepEqual([start([]).kind, start([]).corrects, start([]).figures], ["first", null, {}]);
  const draft = start(versionsOf([view("a", { figures: { affected: 30, crops_affected: 61.33 } })], [], JIA, "E"));
  assert.deepEqual([draft.kind, draft.corrects], ["followup", "a"]);
  assert.deepEqual(draft.figures, { affected: "30", crops_affected: "919.95" });
});

test("the newest version may still be on this phone", () => {
  const versions = versionsOf([view("a", { received_at: "2026-07-06T00:00:00Z" })], [sealed("b", { corrects: "a" })], JIA, "E");
  assert.deepEqual(versions.map(({ id }) => id), ["b"], "b replaces a, though nobody else knows yet");
  assert.equal(start(versions).corrects, "b");
});

test("another village's, another event's and replaced versions are none of it", () => {
  const views = [view("a", { area: "340882101202" }), view("b", { event: "F" }), view("c", { superseded_by: "d" })];
  assert.deepEqual(versionsOf(views, [], JIA, "E"), []);
});

test("a returned version is corrected, but compared with the one that stands", () => {
  const views = [view("a", { figures: { affected: 3 } }), view("b", { state: "returned", figures: { affected: 9 }, received_at: "2026-07-05T05:10:00Z" })];
  const draft = start(versionsOf(views, [], JIA, "E"));
  assert.deepEqual([draft.corrects, draft.previous, draft.figures.affected], ["b", { affected: 3 }, "9"]);
});

test("亩 go out as typed and stand here as 公顷", () => {
  const draft = { ...start([]), figures: { affected: " ", crops_affected: "92,000" } };
  const report = wire(draft, NOW);
  assert.deepEqual([report.figures, report.units], [{ crops_affected: 92000 }, { crops_affected: "mu" }]);
  assert.deepEqual(canonicalOf(report, CATALOGUE), { crops_affected: 6133.33 });
});

test("changing the unit takes a known figure along exactly, and a typed one at its word", () => {
  const draft = start(versionsOf([view("a", { figures: { crops_affected: 61.33 } })], [], JIA, "E"));
  switchUnit(draft, "crops_affected");
  assert.equal(draft.figures.crops_affected, "61.33");
  draft.figures.crops_affected = "920";
  switchUnit(draft, "crops_affected");
  assert.equal(draft.figures.crops_affected, "920");
});

test("a position travels with its age, and without our own clock mark", () => {
  const fix = { lon: 116, lat: 30, datum: "wgs84", method: "gps", accuracy_m: 8, at: NOW.getTime() - 90_000 };
  assert.deepEqual(wire({ ...start([]), fix }, NOW).fix, { lon: 116, lat: 30, datum: "wgs84", method: "gps", accuracy_m: 8, age_s: 90 });
});

test("a zero report carries no figures but knows what it follows", () => {
  const zero = beginZero({ by: "7", area: JIA, event: "E", versions: versionsOf([view("a", { figures: { affected: 3 } })], [], JIA, "E"), indicators: INDICATORS, now: NOW });
  assert.deepEqual([zero.kind, zero.corrects, wire(zero, NOW).figures], ["zero", "a", {}]);
});

const WORLD = { catalogue: CATALOGUE, people: {}, home: { township: { boundary: { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] } } } };
const faults = (more) => faultsOf({ ...start([]), ...more }, WORLD, NOW.getTime());

test("faults stand at their fields; doubts wait until nothing has to be corrected", () => {
  const away = { fix: { lon: 5, lat: 5 } };
  assert.deepEqual(Object.keys(faults({ ...away, figures: { affected: "3", dead: "5" } })), ["figures.dead"]);
  assert.equal(faults({ ...away }).fix.note, "position_outside_township");
  assert.deepEqual(faults({ ...away, notes: { position_outside_township: "在邻乡避险" } }), {});
});

test("hazard and time are asked for before the server does", () => {
  assert.deepEqual(Object.keys(faults({ hazard: "", occurred_at: "" })), ["hazard", "occurred_at"]);
  assert.ok(faults({ occurred_at: "2026-07-05T06:06:00Z" }).occurred_at);
  assert.deepEqual(faults({ occurred_at: "2026-07-05T06:04:00Z" }), {});
  assert.ok(faults({ occurred_at: "2025-07-01T06:00:00Z" }).occurred_at);
});

test("what the server wants a note for is settled by the note", () => {
  const problem = { errors: { fix: "定位不在本乡镇", "figures.dead": "太大" }, confirm: { fix: "position_outside_township" } };
  assert.deepEqual(Object.keys(faultsTold(problem, {})), ["fix", "figures.dead"]);
  assert.deepEqual(Object.keys(faultsTold(problem, { position_outside_township: "在邻乡" })), ["figures.dead"]);
});
