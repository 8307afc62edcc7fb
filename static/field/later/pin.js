/**
 * Choosing a position by hand: the map moves under a fixed pin, which wet thumbs can do.
 *
 * Drawn from our own outlines (WGS-84), with no map service: it works with the network off. Leaflet is
 * loaded when first asked for.
 */

import { colour } from "../../shared/colours.js";
import { el } from "../../shared/dom.js";
import { distance } from "../../shared/format.js";
import { t } from "../../shared/i18n.js";
import { outside } from "../locate.js";

/** @typedef {{lon: number, lat: number}} Point */
/**
 * @typedef {object} Given
 * @property {Point | null} at  where the pin stood last
 * @property {any} home  `home` of /api/me
 * @property {{lon: number, lat: number, accuracy_m: number} | null} fix  where the phone believes it is
 */

const VENDOR = new URL("../../vendor/leaflet/", import.meta.url);
/** The middle of 潜山, for an account whose village has no point. */
const NOWHERE = { lon: 116.53, lat: 30.74 };
const village = () => ({ color: colour("accent"), weight: 3, fillOpacity: 0.08, interactive: false });
const township = () => ({ color: colour("ink-soft"), weight: 2, dashArray: "6 6", fill: false, interactive: false });
const here = () => ({ color: colour("good"), weight: 2, fillOpacity: 0.12, interactive: false });

/** @type {Promise<any> | null} */
let leaflet = null;

/** Load the library and the styles once; a failed try may be repeated. */
function library() {
  leaflet ??= Promise.all([
    style(new URL("leaflet.css", VENDOR)),
    style(new URL("pin.css", import.meta.url)),
    appended(el("script", { src: new URL("leaflet.js", VENDOR) })),
  ]).then(
    () => /** @type {any} */ (globalThis).L,
    (error) => {
      leaflet = null;
      throw error;
    },
  );
  return leaflet;
}

const style = (href) => appended(el("link", { rel: "stylesheet", href }));

function appended(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => {
      element.remove();
      reject(new Error(t("地图没有下载成功,请有网络时再试")));
    };
    document.head.append(element);
  });
}

/**
 * Let the officer put a pin.
 * @param {Given} given
 * @returns {Promise<Point | null>} null: left as it was
 * @throws {Error} with words, if the map can't be shown
 */
export async function choosePin(given) {
  const L = await library();
  const start = given.at ?? given.fix ?? pointOf(given.home) ?? NOWHERE;
  const place = el("div.pin-map", { tabindex: 0, "aria-label": t("地图") });
  const told = el("p.pin-told", { role: "status" });
  const choose = el("button.pin-choose", { type: "button" }, t("就用这里"));
  const cancel = el("button.pin-cancel", { type: "button" }, t("取消"));
  const here = given.fix && el("button.pin-here", { type: "button" }, t("回到我的位置"));
  const dialog = el("dialog.pin", { "aria-labelledby": "pin-title" },
    el("h2", { id: "pin-title" }, t("拖动地图,把图钉对准受灾的地方")),
    el("div.pin-area", {}, place, el("span.pin-needle", { "aria-hidden": "true" }), here),
    told,
    el("div.pin-buttons", {}, cancel, choose),
  );
  document.body.append(dialog);
  dialog.showModal();

  const map = L.map(place, { attributionControl: false, zoomControl: true, zoomSnap: 0.5, minZoom: 8, maxZoom: 19 });
  map.setView([start.lat, start.lon], zoomFor(L, map, given.home?.boundary));
  L.control.scale({ imperial: false }).addTo(map);
  draw(L, map, given);
  const centre = () => {
    const { lng, lat } = map.getCenter().wrap();
    return { lon: Math.round(lng * 1e6) / 1e6, lat: Math.round(lat * 1e6) / 1e6 };
  };
  const fit = new ResizeObserver(() => map.invalidateSize({ animate: false })); // the words below may take a second line
  fit.observe(place);
  const tell = () => (told.textContent = words(map, centre(), given));
  map.on("moveend", tell);
  tell();
  here?.addEventListener("click", () => map.panTo([given.fix.lat, given.fix.lon]));

  return new Promise((resolve) => {
    /** @type {Point | null} */
    let chosen = null;
    choose.addEventListener("click", () => {
      chosen = centre();
      dialog.close();
    });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      fit.disconnect();
      map.remove();
      dialog.remove();
      resolve(chosen);
    });
  });
}

function pointOf(home) {
  return home?.point ? { lon: home.point[0], lat: home.point[1] } : null;
}

/** Near enough to see the whole village, or a part of a large one. */
function zoomFor(L, map, boundary) {
  if (!boundary) return 15;
  return Math.min(16, Math.max(13, map.getBoundsZoom(L.geoJSON(boundary).getBounds())));
}

function draw(L, map, { home, fix }) {
  if (home?.township?.boundary) L.geoJSON(home.township.boundary, { style: township(), interactive: false }).addTo(map);
  if (home?.boundary) L.geoJSON(home.boundary, { style: village(), interactive: false }).addTo(map);
  const point = pointOf(home);
  if (point) named(L, map, point, home.name);
  if (fix) {
    L.circle([fix.lat, fix.lon], { ...here(), radius: fix.accuracy_m }).addTo(map);
    L.circleMarker([fix.lat, fix.lon], { ...here(), radius: 6, fillOpacity: 1 }).addTo(map);
  }
}

function named(L, map, { lon, lat }, name) {
  const dot = L.circleMarker([lat, lon], { ...village(), radius: 5, fillOpacity: 1 }).addTo(map);
  dot.bindTooltip(el("span", {}, name), { permanent: true, direction: "bottom", className: "pin-name" });
}

/** How far the pin is from the phone, and a warning where it has left the township. */
function words(map, at, { home, fix }) {
  if (outside(at, home?.township?.boundary)) return t("注意:图钉已不在本乡镇范围内");
  if (!fix) return t("图钉位置将作为报告位置");
  const metres = map.distance([at.lat, at.lon], [fix.lat, fix.lon]);
  return t("离手机定位 {distance}", { distance: distance(metres, t) });
}
