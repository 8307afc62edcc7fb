import assert from "node:assert/strict";
import { test } from "node:test";

import { better, fixOf, locateWords, Locator, outside } from "../../static/field/locate.js";

const at = (accuracy, timestamp, longitude = 116.3, latitude = 30.7) => ({ coords: { longitude, latitude, accuracy }, timestamp });

/** A geolocation under the test's hand. */
function hand() {
  const calls = { cleared: [] };
  return {
    calls,
    watchPosition(found, missed, options) {
      Object.assign(calls, { found, missed, options });
      return 7;
    },
    clearWatch: (id) => calls.cleared.push(id),
  };
}

function located() {
  const geolocation = hand();
  const told = [];
  const locator = new Locator({ geolocation, onChange: () => told.push(locator.state) });
  locator.start();
  return { locator, told, ...geolocation.calls, calls: geolocation.calls };
}

test("a browser's fix is WGS-84, and only a fine one is called satellite", () => {
  assert.deepEqual(fixOf(at(12.4, 1000, 116.12345678)), { lon: 116.123457, lat: 30.7, datum: "wgs84", method: "gps", accuracy_m: 12, at: 1000 });
  assert.equal(fixOf(at(800, 1000)).method, "network");
});

test("the finer fix is kept, until it has grown old", () => {
  const fine = fixOf(at(10, 0));
  assert.equal(better(fine, fixOf(at(500, 30_000))), fine);
  assert.equal(better(fine, fixOf(at(500, 90_000))).accuracy_m, 500);
  assert.equal(better(fine, fixOf(at(8, 30_000))).accuracy_m, 8);
});

test("from asking to found, in words with accuracy and age", () => {
  const { locator, told, calls } = located();
  assert.equal(calls.options.enableHighAccuracy, true);
  calls.found(at(12, 60_000));
  assert.deepEqual(told, ["asking", "found"]);
  assert.equal(locateWords(locator, 60_000), "卫星定位,误差约 12 米,刚刚");
  assert.equal(locateWords(locator, 60_000 + 5 * 60_000), "卫星定位,误差约 12 米,5 分钟前");
  assert.equal(locateWords(locator, 60_000 + 180 * 60_000), "卫星定位,误差约 12 米,3 小时前");
});

test("a refused permission ends the watch and names the way out; a lost signal keeps the fix", () => {
  const denied = located();
  denied.calls.missed({ code: 1 });
  assert.equal(denied.locator.state, "denied");
  assert.deepEqual(denied.calls.cleared, [7]);
  assert.match(locateWords(denied.locator), /地图/);
  const lost = located();
  lost.calls.found(at(12, 0));
  lost.calls.missed({ code: 3 });
  assert.equal(lost.locator.state, "found");
});

test("a phone without positioning says so", () => {
  const locator = new Locator({ geolocation: undefined, onChange: () => {} });
  locator.start();
  assert.equal(locator.state, "failed");
});

test("inside, outside, holes, islands; an unknown outline raises no alarm", () => {
  const ring = (west, south, side) => [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]];
  const holed = { type: "Polygon", coordinates: [ring(0, 0, 10), ring(4, 4, 2)] };
  assert.equal(outside({ lon: 1, lat: 1 }, holed), false);
  assert.equal(outside({ lon: 5, lat: 5 }, holed), true);
  assert.equal(outside({ lon: 11, lat: 1 }, holed), true);
  const islands = { type: "MultiPolygon", coordinates: [[ring(0, 0, 1)], [ring(5, 5, 1)]] };
  assert.equal(outside({ lon: 5.5, lat: 5.5 }, islands), false);
  assert.equal(outside({ lon: 3, lat: 3 }, islands), true);
  assert.equal(outside({ lon: 3, lat: 3 }, null), false);
  assert.equal(outside(null, holed), false);
});
