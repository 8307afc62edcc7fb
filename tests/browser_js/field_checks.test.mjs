import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { judge } from "../../static/field/checks.js";
import { canonical, numberOf, plain } from "../../static/field/figures.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VECTORS = JSON.parse(readFileSync(`${ROOT}tests/disaster/reports/check_vectors.json`, "utf8"));
const PRINT = "import msgspec; from disaster.reports.catalogue import catalogue; print(msgspec.json.encode(catalogue()).decode())";
// The server's own rows, as GET /api/catalogue gives them.
const CATALOGUE = JSON.parse(execFileSync(process.env.ZAIQING_PYTHON ?? `${ROOT}.venv/bin/python`, ["-c", PRINT], { cwd: ROOT, maxBuffer: 1 << 24 }));

test("the vectors are there", () => assert.ok(VECTORS.length > 80));

for (const { name, figures, units, notes, context = {}, errors } of VECTORS) {
  test(`the phone judges as the server: ${name}`, () => {
    const found = judge(CATALOGUE, { figures, units, notes }, { previous: null, ...context });
    assert.deepEqual(Object.fromEntries(Object.entries(found).map(([path, { check }]) => [path, check])), errors);
  });
}

test("亩 become hectares, half up, with no float in between", () => {
  const { figures } = canonical({ crops_affected: "92000", crops_lost: "0.075" }, { crops_affected: "mu", crops_lost: "mu" }, CATALOGUE);
  assert.deepEqual(figures, { crops_affected: 613333, crops_lost: 1 });
});

test("what a Chinese keyboard types is read as a number", () => {
  assert.equal(numberOf(" \uff11,200\u30025"), 1200.5);
  assert.equal(numberOf("十二"), null);
  assert.equal(numberOf("-3"), -3);
  assert.equal(numberOf(""), null);
  assert.equal(numberOf("NaN"), null);
});

test("hundredths are written without idle zeros", () => {
  assert.deepEqual([1250, 10000, 5, 0, 100].map(plain), ["12.5", "100", "0.05", "0", "1"]);
});
