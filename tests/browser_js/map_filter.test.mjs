import assert from "node:assert/strict";
import { test } from "node:test";

import { Catalogue } from "../../static/map/catalogue.js";
import { NO_EVENT, everything, fromHash, matcher, narrowed, toHash } from "../../static/map/filter.js";
import { longTime, number, shortTime } from "../../static/map/format.js";
import { Places } from "../../static/map/places.js";
import { gradeOf } from "../../static/map/severity.js";

const places = new Places([
  { code: "340882000000", name: "潜山市", level: "county", parent: null, lon: 116.5, lat: 30.6, approximate: false },
  { code: "340882202000", name: "龙潭乡", level: "township", parent: "340882000000", lon: 116.3, lat: 30.8, approximate: true },
  { code: "340882202201", name: "龙湾村", level: "village", parent: "340882202000", lon: 116.31, lat: 30.81, approximate: true },
]);
const longwan = { area: "340882202201", event: null, hazard: "flood.flash", kind: "first", state: "stored", lon: null, lat: null };

test("a filter goes into the address and comes back the same", () => {
  const filter = { ...everything(), event: "e&1", township: "340882202000", state: "seen" };
  assert.deepEqual(fromHash(toHash(filter)), filter);
  assert.equal(toHash(everything()), "");
  assert.equal(narrowed(filter), 3);
});

test("unknown names in an address are ignored", () => {
  assert.deepEqual(fromHash("#evil=1&state=seen"), { ...everything(), state: "seen" });
});

test("each field narrows by itself", () => {
  const passes = (fields) => matcher({ ...everything(), ...fields }, (code) => places.townshipOf(code))(longwan);
  assert.ok(passes({}));
  assert.ok(passes({ township: "340882202000", hazard: "flood", kind: "first", state: "stored", event: NO_EVENT }));
  assert.ok(passes({ hazard: "flood.flash" }));
  for (const other of [{ township: "340882100000" }, { hazard: "flood.urban" }, { hazard: "storm" }, { kind: "zero" }, { state: "seen" }, { event: "e1" }]) {
    assert.ok(!passes(other), JSON.stringify(other));
  }
});

test("a report is drawn at its own position, else at its village's point, else not at all", () => {
  assert.deepEqual(places.pointOf({ ...longwan, lon: 116.4, lat: 30.9 }), [116.4, 30.9]);
  assert.deepEqual(places.pointOf(longwan), [116.31, 30.81]);
  assert.equal(places.pointOf({ ...longwan, area: "340882999999" }), null);
});

test("the map opens on the villages; areas above them do not widen it", () => {
  assert.deepEqual(places.bounds, [116.31, 30.81, 116.31, 30.81]);
  assert.deepEqual(new Places([{ code: "1", level: "city", lon: 1, lat: 2 }]).bounds, [1, 2, 1, 2]);
  assert.equal(new Places([]).bounds, null);
});

test("a village is named with its township, since names repeat", () => {
  assert.equal(places.fullName("340882202201"), "龙潭乡 龙湾村");
  assert.equal(places.fullName("340882202000"), "龙潭乡");
  assert.equal(places.fullName("999999999999"), "999999999999");
});

test("times are Beijing time wherever the reader sits", () => {
  assert.equal(longTime("2013-07-04T16:30:05Z"), "2013-07-05 00:30:05");
  assert.equal(shortTime("2013-07-05T06:03:22.5Z"), "07-05 14:03");
  assert.equal(longTime(null), "");
});

test("figures are grouped and keep two decimals at most", () => {
  assert.equal(number(145000), "145,000");
  assert.equal(number("6133.333"), "6,133.33");
});

test("people dead or missing make a report grave whatever else it says", () => {
  assert.equal(gradeOf({ figures: { missing: 1, affected: 3 } }), "grave");
  assert.equal(gradeOf({ figures: { affected: 3 } }), "light");
  assert.equal(gradeOf({ figures: { affected: 0, dead: 0 } }), "none");
});

test("names and units are in the reader's language; a sub-hazard goes by both names", () => {
  const given = {
    indicators: [{ key: "affected", zh: "受灾人口", en: "People affected", unit: "人", unit_en: "people" }],
    hazards: [{ key: "flood", zh: "洪涝", en: "Flood", parent: null }, { key: "flood.other", zh: "其他", en: "Other", parent: "flood" }],
  };
  const zh = new Catalogue(given, "zh-hans");
  assert.deepEqual([zh.hazard("flood"), zh.hazard("flood.other"), zh.hazard("unheard")], ["洪涝", "洪涝-其他", "unheard"]);
  assert.equal(zh.indicator("affected").unit, "人");
  const en = new Catalogue(given, "en");
  assert.deepEqual([en.hazard("flood.other"), en.indicator("affected").name, en.indicator("affected").unit], ["Flood-Other", "People affected", "people"]);
});
