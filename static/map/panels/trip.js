/** A lorry in full: its load, stops with when it is there, and what is wrong. */

import { el } from "../dom.js";
import { number, shortTime } from "../format.js";

const STATES = { ready: "待发车", away: "运输中", arrived: "已全部送到", back: "已回场", cancelled: "已取消" };
const NO_DRY = ["no_dry", "no_road"];

/**
 * @param {any} trip
 * @param {(key: string) => {name: string, unit: string}} item
 * @param {(zh: string, params?: any) => string} t
 */
export function tripPanel(trip, item, t) {
  const coming = trip.stops.find(({ arrived_at: at }) => !at);
  const alarms = [
    NO_DRY.includes(trip.verdict) && t("剩余路线中有一段没有安全路线"),
    trip.off_since && t("{at} 起偏离路线", { at: shortTime(trip.off_since) }),
    trip.still_since && t("{at} 起异常停车", { at: shortTime(trip.still_since) }),
  ].filter(Boolean);
  const rows = [
    ["状态", t(STATES[trip.state] ?? trip.state)],
    ["驾驶员", trip.driver || "—"],
    ["位置时间", trip.seen_at ? shortTime(trip.seen_at) : t("还没有定位")],
    ["计划发车", shortTime(trip.starts_at)],
    ["实际发车", shortTime(trip.departed_at) || "—"],
    ["下一站", coming ? coming.name : "—"],
    ["预计到达", coming ? shortTime(coming.eta) || t("无安全路线") : "—"],
  ];
  return [
    ...alarms.map((words) => el("p.problem", { role: "alert", "data-role": "alarm" }, words)),
    el("dl.table", {}, ...rows.map(([zh, value]) => el("div", {}, el("dt", {}, t(zh)), el("dd", { "data-of": zh }, value)))),
    el("h3", {}, t("停靠和装载")),
    el("ol.versions", {}, ...trip.stops.map((stop) => el("li", { "data-stop": stop.id },
      el("b", {}, stop.name), ` ${stop.is_drop ? t("卸货") : t("装车")} · ${Object.entries(stop.goods).map(([key, n]) => `${item(key).name} ${number(n)} ${item(key).unit}`).join(" ")}`,
      el("p.soft", {}, `${stop.number} · ${stop.arrived_at ? `${t("到达")} ${shortTime(stop.arrived_at)}` : `${t("计划")} ${shortTime(stop.planned_at)}`}`)))),
    el("p", {}, el("a", { href: `/trips/${trip.id}/` }, t("打开车次页"))),
  ];
}
