/**
 * Where the officer stands: the browser's own positioning (WGS-84), with its accuracy and age.
 *
 * No map service is asked. What the browser does not say, we don't claim: a fix of more than
 * `COARSE_M` can't come from satellites, so it is called "network".
 */

import { distance } from "../shared/format.js";
import { t } from "../shared/i18n.js";

/** Coarser than this is no satellite fix. */
const COARSE_M = 100;
/** A better fix is kept this long against a coarser, newer one. */
const HOLDS_MS = 60_000;
const ASKS = { enableHighAccuracy: true, maximumAge: 30_000, timeout: 60_000 };

/** @typedef {{lon: number, lat: number, datum: "wgs84", method: "gps" | "network", accuracy_m: number, at: number}} Fix  `at`: ms when it was taken */
/** @typedef {"idle" | "asking" | "found" | "denied" | "failed"} LocatorState */

/** Of two fixes, the one to use: the finer one, unless it has grown old. @param {Fix | null} held @param {Fix} fresh */
export function better(held, fresh) {
  if (!held || fresh.accuracy_m <= held.accuracy_m) return fresh;
  return fresh.at - held.at > HOLDS_MS ? fresh : held;
}

/** @param {GeolocationPosition} position @returns {Fix} */
export function fixOf({ coords: { longitude, latitude, accuracy }, timestamp }) {
  const round = (degrees) => Math.round(degrees * 1e6) / 1e6; // a decimetre
  const accuracy_m = Math.max(1, Math.round(accuracy));
  return { lon: round(longitude), lat: round(latitude), datum: "wgs84", method: accuracy_m > COARSE_M ? "network" : "gps", accuracy_m, at: timestamp };
}

export class Locator {
  /** @type {LocatorState} */
  state = "idle";
  /** @type {Fix | null} */
  fix = null;
  #watch = 0;

  /** @param {{onChange: () => void, geolocation?: Geolocation | undefined}} parts */
  constructor({ onChange, geolocation = globalThis.navigator?.geolocation }) {
    this.onChange = onChange;
    this.geolocation = geolocation;
  }

  /** Ask, and go on asking until `stop`: the first fix under trees is rarely the best. */
  start() {
    this.stop();
    if (!this.geolocation) return this.#enter("failed");
    this.#enter(this.fix ? "found" : "asking");
    this.#watch = this.geolocation.watchPosition((position) => this.#found(position), (error) => this.#missed(error), ASKS);
    return undefined;
  }

  /** Start only if the officer has allowed it before: no question pops up by itself. */
  async startIfAllowed() {
    const asked = await globalThis.navigator?.permissions?.query({ name: "geolocation" }).catch(() => null);
    if (asked?.state === "granted" && this.state === "idle") this.start();
  }

  /** Satellites cost battery: stop when nobody writes. */
  stop() {
    if (this.#watch) this.geolocation.clearWatch(this.#watch);
    this.#watch = 0;
  }

  #found(position) {
    this.fix = better(this.fix, fixOf(position));
    this.#enter("found");
  }

  /** A fix once found stays: it has an age, and the officer sees it. */
  #missed({ code }) {
    if (code === 1) this.stop();
    if (code === 1 || !this.fix) this.#enter(code === 1 ? "denied" : "failed");
  }

  #enter(state) {
    this.state = state;
    this.onChange();
  }
}

/** The state in words. @param {{state: LocatorState, fix: Fix | null}} locator @param {number} now ms @returns {string} */
export function locateWords({ state, fix }, now = Date.now()) {
  if (fix) {
    const minutes = Math.floor((now - fix.at) / 60_000);
    const how = fix.method === "gps" ? t("卫星定位") : t("网络定位");
    const age = minutes < 1 ? t("刚刚") : minutes < 60 ? t("{minutes} 分钟前", { minutes }) : t("{hours} 小时前", { hours: Math.floor(minutes / 60) });
    return t("{how},误差约 {distance},{age}", { how, distance: distance(fix.accuracy_m, t), age });
  }
  if (state === "asking") return t("正在定位,请到开阔处稍等");
  if (state === "denied") return t("手机没有允许定位。请在浏览器设置里允许,或在地图上指出位置");
  if (state === "failed") return t("暂时定不了位,可在地图上指出位置");
  return t("还没有定位");
}

/**
 * Whether a point lies outside an outline. Unknown outlines hold everything: no false alarm.
 * @param {{lon: number, lat: number} | null} point
 * @param {{type: string, coordinates: any} | null | undefined} boundary GeoJSON Polygon or MultiPolygon
 */
export function outside(point, boundary) {
  if (!point || !boundary) return false;
  const polygons = boundary.type === "Polygon" ? [boundary.coordinates] : boundary.coordinates;
  // Even-odd over all rings: holes count themselves out.
  return !polygons.some((rings) => rings.filter((ring) => crosses(point, ring)).length % 2 === 1);
}

/** Whether a ray to the east crosses the ring an odd number of times. */
function crosses({ lon, lat }, ring) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [x, y] = ring[at];
    const [px, py] = ring[before];
    if (y > lat !== py > lat && lon < ((px - x) * (lat - y)) / (py - y) + x) inside = !inside;
  }
  return inside;
}
