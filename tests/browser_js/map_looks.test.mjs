/** Layers of live things wear the page's look: the one it opens in, and every later one, until their map is gone. */

import assert from "node:assert/strict";
import { test } from "node:test";

const LOOKS = { light: { surface: "#ffffff", "gravity-3": "#3f1266", route: "#1a5fb4", "map-ink": "#22313a" }, dark: { surface: "#17222b", "gravity-3": "#ecdcff", route: "#7db3ff", "map-ink": "#dfe8ee" } };
const page = new EventTarget();
page.documentElement = { dataset: { theme: "dark" }, lang: "zh" };
page.createElement = () => ({ getContext: () => new Proxy({}, { get: () => () => {}, set: () => true }) });
globalThis.document = page;
globalThis.matchMedia = () => ({ matches: false });
globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => LOOKS[page.documentElement.dataset.theme][name.slice(2)] ?? "#000000" });

const { ReportLayer } = await import("../../static/map/layers/reports.js");
const { TripLayer } = await import("../../static/map/layers/trips.js");

/** A map that remembers paint. */
function aMap() {
  const paint = {};
  const ends = [];
  return {
    paint, addSource() {}, addImage() {}, on() {},
    addLayer: ({ id, paint: given }) => { paint[id] = { ...given }; },
    setPaintProperty: (id, name, value) => { paint[id][name] = value; },
    once: (what, act) => what === "remove" && ends.push(act),
    remove: () => ends.forEach((act) => act()),
  };
}

function turn(theme) {
  page.documentElement.dataset.theme = theme;
  page.dispatchEvent(new Event("themechange"));
}

test("dots and lorries are dark where the page opens in the dark, follow its look, and let go with their map", () => {
  page.documentElement.dataset.theme = "dark";
  const map = aMap();
  new ReportLayer(map, {}, () => {});
  new TripLayer(map, () => {}, async () => null);
  const shown = () => [map.paint.reports["circle-color"][2], map.paint.reports["circle-color"][3][3], map.paint["trips-ways"]["line-color"], map.paint.trips["text-color"]];
  const worn = (theme) => ["surface", "gravity-3", "route", "map-ink"].map((name) => LOOKS[theme][name]);
  assert.deepEqual(shown(), worn("dark"));
  turn("light");
  assert.deepEqual(shown(), worn("light"));
  map.remove();
  turn("dark");
  assert.deepEqual(shown(), worn("light"));
});
