/** The phone judges the very cases the server judges, and alike. ZAIQING_CATALOGUE names the catalogue's file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { judge } from "../../static/field/checks.js";
import { read } from "../../static/field/exact.js";

const catalogue = JSON.parse(readFileSync(process.env.ZAIQING_CATALOGUE, "utf8"));
const cases = JSON.parse(readFileSync(new URL("../disaster/reports/check_vectors.json", import.meta.url), "utf8"));

for (const { name, errors, ...report } of cases) {
  test(`judged as by the server: ${name}`, () => {
    const found = judge(catalogue, report);
    assert.deepEqual(Object.fromEntries(Object.entries(found).map(([field, { check }]) => [field, check])), errors);
    for (const { message } of Object.values(found)) assert.doesNotMatch(message, /\{\w+\}|undefined|NaN/);
  });
}

test("what is typed with wet thumbs is read", () => {
  const how = { type: "dec2", mu: false, tooLarge: 1e10, muPerHectare: 15 };
  assert.deepEqual(read("12.5", how), { cents: 1250, fault: "" });
  assert.deepEqual(read("1,200。5 ", how), { cents: 120050, fault: "" });
  assert.deepEqual(read("92000", { ...how, mu: true }), { cents: 613333, fault: "" });
  assert.deepEqual(read("0.225", { ...how, mu: true }), { cents: 2, fault: "" });
  assert.deepEqual(read("0.075", { ...how, mu: true }), { cents: 1, fault: "" });
  for (const [typed, fault] of [["NaN", "not_a_number"], ["", "not_a_number"], ["1e400", "too_large"], ["-1", "negative"], ["三", "not_a_number"], ["1.2.3", "not_a_number"]]) {
    assert.deepEqual(read(typed, how), { cents: null, fault });
  }
  assert.deepEqual(read("2.5", { ...how, type: "int" }), { cents: null, fault: "not_whole" });
});
