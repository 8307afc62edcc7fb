import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.location = { href: "https://bureau.example/map/", origin: "https://bureau.example" };
const { offered, transformRequest } = await import("../../static/map/basemap.js");
const { basePaint } = await import("../../static/map/basepaint.js");

test("with nothing set there is nothing to choose; else none is always offered", () => {
  assert.deepEqual(offered({ choices: [], relief: null }), []);
  assert.deepEqual(offered({ choices: [], relief: {} }), ["terrain", "none"]);
  assert.deepEqual(offered({ choices: [{ id: "vector" }, { id: "terrain" }], relief: {} }), ["vector", "terrain", "none"]);
});

test("a foreign host learns our host, not our page; our own requests are left alone", () => {
  assert.deepEqual(transformRequest("https://tiles.example/1/2/3.png"), { url: "https://tiles.example/1/2/3.png", referrerPolicy: "origin" });
  assert.deepEqual(transformRequest("https://bureau.example/tiles/1"), { url: "https://bureau.example/tiles/1" });
});

test("layers of both common schemes are painted, others left out", () => {
  const ids = basePaint("base-0", ["water", "transportation", "roads", "poi"], {}).map(({ id }) => id);
  assert.deepEqual(ids, ["base-0-water", "base-0-roads", "base-0-transportation"]);
});

test("a base map is painted in the colours it is given, by day and by night", () => {
  const [water] = basePaint("base-0", ["water"], { water: "#1b3a4d" });
  assert.equal(water.paint["fill-color"], "#1b3a4d");
});
