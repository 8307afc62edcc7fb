/** Lengths and areas against PostGIS's geography (PostGIS 3.3, `ST_Distance`, `ST_Area`): 0.1 % at most. */

import assert from "node:assert/strict";
import test from "node:test";

import { area, distance, length, told, units } from "../../static/map/command/geodesy.js";
import { line, roundUp } from "../../static/map/command/chart.js";

const near = (found, wanted) => assert.ok(Math.abs(found - wanted) <= Math.abs(wanted) * 1e-3, `${found} is not ${wanted}`);

const LENGTHS = [
  [[116.5, 30.6], [116.51, 30.61], 1465.8279],
  [[116.2, 30.4], [116.9, 31.1], 102543.1112],
  [[116.5, 30.6], [116.5, 31.6], 110871.198],
  [[87.6, 43.8], [121.47, 31.23], 3273211.4014],
  [[110.3, 20.0], [110.31, 20.0], 1046.4709],
];
const AREAS = [
  [[[116.5, 30.6], [116.51, 30.6], [116.51, 30.61], [116.5, 30.61]], 1063125.1086],
  [[[116.2, 30.4], [116.9, 30.5], [116.8, 31.1], [116.4, 30.9]], 3133014695.0781],
  [[[110, 20], [112, 20], [112, 22], [110, 22]], 46045765360.585],
  [[[116.5, 30.6], [116.5002, 30.6], [116.5001, 30.6002]], 212.6357],
  [[[120, 50], [121, 50.2], [120.4, 50.9]], 3256853863.7606],
];

test("distances are the geodesic's", () => {
  for (const [one, other, metres] of LENGTHS) near(distance(one, other), metres);
  assert.equal(distance([116.5, 30.6], [116.5, 30.6]), 0);
});

test("areas are the ellipsoid's, whichever way round and closed or not", () => {
  for (const [ring, squareMetres] of AREAS) {
    near(area(ring), squareMetres);
    near(area([...ring].reverse()), squareMetres);
    near(area([...ring, ring[0]]), squareMetres);
  }
});

test("a line is as long as its pieces", () => {
  const [a, b, c] = [[116.5, 30.6], [116.6, 30.7], [116.4, 30.8]];
  assert.equal(length([a, b, c]), distance(a, b) + distance(b, c));
  assert.equal(length([a]), 0);
});

test("a square kilometre is 1500 mu and 100 hectares", () => {
  const { km2, mu, ha } = units(1e6);
  assert.deepEqual([km2, Math.round(mu), ha], [1, 1500, 100]);
  assert.equal(told(12.34567), 12.35);
  assert.equal(told(123456.7), 123457);
});

test("an axis ends at a round number", () => {
  assert.deepEqual([0, 1, 3, 7, 12, 480, 0.3].map(roundUp), [1, 1, 5, 10, 20, 500, 0.5]);
  assert.equal(typeof line, "function");
});
