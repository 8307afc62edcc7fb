/**
 * The import wizard: a file is read once by the server; the person says what its columns mean and in
 * which datum it is, sees the outcome on a map and in a table, and takes all of it over or nothing.
 */

import { ask, get, post } from "../shared/api.js";
import { colour } from "../shared/colours.js";
import { by, el } from "../shared/dom.js";
import { t, use } from "../shared/i18n.js";
import { clock } from "../shared/time.js";
import mapWords from "../map/en.js";
import { Places } from "../map/places.js";
import { createMap } from "../map/view.js";
import { Plan } from "./import_plan.js";

use(mapWords);

const SOON_MS = 300;
const EMPTY = { type: "FeatureCollection", features: [] };
const LEVELS = ["match", ["get", "level"], ...["red", "orange", "yellow", "blue"].flatMap((level) => [level, colour(`warning-${level}`)]), colour("accent")];

let file = null;
let plan = null;
let drawing = null;
let names = new Places();
let asked = 0;
let timer = 0;

by("pick").addEventListener("submit", (event) => {
  event.preventDefault();
  read(by("file").files[0]).catch((error) => say(error.errors?.file ?? error.message, true));
});
by("apply").addEventListener("click", () => apply().catch(refuse));

/** Send the file and offer what it may be. */
async function read(chosen) {
  say(t("正在读取…"));
  by("work").hidden = true;
  const body = new FormData();
  body.append("file", chosen);
  file = await ask("POST", "/api/map/imports", { body, type: "", timeout_ms: 180_000 });
  say(t("{name}:{rows} 行,{columns} 列", { name: file.name, rows: file.rows, columns: Object.keys(file.columns).length }));
  plan = new Plan(by("plan"), file, soon, t);
  by("work").hidden = false;
  drawing ??= drawMap();
  await preview();
}

/** The map, with a layer for what would come in; null where the browser can't draw. */
async function drawMap() {
  try {
    const [{ areas }, tiles] = await Promise.all([get("/api/areas"), get("/tiles/")]);
    names = new Places(areas);
    const map = await createMap(by("import-map"), { layers: tiles.layers, townships: names.ofLevel("township"), bounds: names.bounds, notice: "", t });
    map.addSource("coming", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "coming-fill", type: "fill", source: "coming", paint: { "fill-color": LEVELS, "fill-opacity": 0.3 }, filter: ["!=", ["geometry-type"], "Point"] });
    map.addLayer({ id: "coming-edge", type: "line", source: "coming", paint: { "line-color": LEVELS, "line-width": 2 }, filter: ["!=", ["geometry-type"], "Point"] });
    map.addLayer({ id: "coming-dot", type: "circle", source: "coming", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": LEVELS, "circle-radius": 5, "circle-stroke-color": colour("paper"), "circle-stroke-width": 1.5 } });
    return map;
  } catch {
    by("import-map").hidden = true; // no WebGL: the table still shows everything
    return null;
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => preview().catch(refuse), SOON_MS);
}

/** Ask what the file would become; an answer that was overtaken is dropped. */
async function preview() {
  by("apply").disabled = true;
  asked += 1;
  const mine = asked;
  const seen = await post(`/api/map/imports/${file.id}/preview`, plan.value);
  if (mine !== asked) return;
  showShift(seen.datum);
  const map = await drawing; // the names of areas come with it
  showFindings(seen);
  by("counted").textContent = seen.error_count
    ? t("可导入 {good} 项,有 {errors} 处错误", { good: seen.good, errors: seen.error_count })
    : t("可导入 {good} 项", { good: seen.good });
  by("apply").disabled = seen.error_count > 0 || !seen.good;
  draw(map, seen.features);
  document.documentElement.dataset.previewed = String(mine);
}

function draw(map, features) {
  if (!map) return;
  map.getSource("coming").setData(features);
  const box = boundsOf(features);
  if (box) map.fitBounds(box, { padding: 48, maxZoom: 14, animate: false });
}

/** @returns {[number, number, number, number] | null} west, south, east, north */
function boundsOf({ features }) {
  const flat = features.flatMap(({ geometry }) => geometry.coordinates.flat(Infinity));
  if (!flat.length) return null;
  let [west, south, east, north] = [180, 90, -180, -90];
  for (let at = 0; at < flat.length; at += 2) {
    west = Math.min(west, flat[at]);
    east = Math.max(east, flat[at]);
    south = Math.min(south, flat[at + 1]);
    north = Math.max(north, flat[at + 1]);
  }
  return [west, south, east, north];
}

/** Warn where everything lies off by what a public map shifts. */
function showShift({ likely, shifted, shift_m: metres, compared }) {
  const box = by("shift");
  box.hidden = !shifted || plan.value.crs === likely;
  if (box.hidden) return;
  const name = likely === "bd09" ? t("百度坐标(BD-09)") : t("火星坐标(GCJ-02)");
  box.replaceChildren(
    el("p", {}, t("与 {compared} 个已知村点位比较,这些点整体偏移约 {metres} 米,很像{name}。请确认坐标系。", { compared, metres, name })),
    el("button.button.quiet", { type: "button", onclick: () => plan.choose(likely) }, t("按{name}读取", { name })),
  );
}

function showFindings({ errors, error_count: count, notices, table }) {
  const parts = [];
  if (errors.length) {
    const more = count > errors.length ? t("(只列出前 {shown} 处)", { shown: errors.length }) : "";
    parts.push(listed(t("错误 {count} 处", { count }) + more, errors, "bad"));
  }
  if (notices.length) parts.push(listed(t("提示"), notices, ""));
  if (table.length) parts.push(sheet(table));
  by("findings").replaceChildren(...parts);
}

function listed(title, faults, mark) {
  const rows = faults.map(({ row, field, words }) =>
    el("tr", {}, el("td.number", {}, row || "—"), el("td", {}, plan.titleOf(field)), el("td", {}, words)));
  return el(`section.panel-box${mark && `.${mark}`}`, {}, el("h2", {}, title),
    el("div.table-wrap", {}, el("table", {}, el("thead", {}, el("tr", {}, el("th.number", {}, t("行")), el("th", {}, t("列")), el("th", {}, t("说明")))), el("tbody", {}, ...rows))));
}

function sheet(table) {
  const names = Object.keys(table[0]).filter((name) => name !== "radius" || table.some((row) => row.radius));
  const rows = table.map((row) => el("tr", {}, ...names.map((name) => el("td", {}, shown(name, row[name])))));
  return el("section.panel-box", {}, el("h2", {}, t("将要导入的内容(前 {count} 项)", { count: table.length })),
    el("div.table-wrap", {}, el("table", {}, el("thead", {}, el("tr", {}, ...names.map((name) => el("th", {}, plan.titleOf(name))))), el("tbody", {}, ...rows))));
}

function shown(name, value) {
  if (value === null || value === undefined || value === "") return "—";
  if (name === "area") return names.fullName(value);
  return name.startsWith("valid_") ? clock(value) : plan.said(String(value));
}

async function apply() {
  by("apply").disabled = true;
  const done = await post(`/api/map/imports/${file.id}/apply`, plan.value);
  by("work").hidden = true;
  by("pick").reset();
  say(t("已导入 {total} 项。", { total: done.total }));
  by("file-said").append(" ", el("a", { href: "/map/" }, t("在地图上查看")));
}

/** Something was refused: the rows it speaks of are shown by the preview already. */
function refuse(error) {
  say(Object.values(error.errors ?? {})[0] ?? error.message, true);
  by("apply").disabled = true;
}

function say(text, bad = false) {
  by("file-said").textContent = text;
  by("file-said").className = bad ? "message bad" : "soft";
}
