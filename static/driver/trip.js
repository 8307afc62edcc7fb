/** A trip on the driver's screen: the one next step, large; then the stops, and what changed. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { clock } from "../shared/time.js";
import { metres, nextPlace } from "./progress.js";
import { sketch } from "./sketch.js";

const STATES = { ready: "待发车", away: "运输中", arrived: "已全部送到", back: "已回场", cancelled: "已取消" };
const STEPS = { depart: "发车", load: "装车", arrive: "到达", back: "回场" };
const KM = 1000;

/** @param {any} app @param {any} entry @param {ReturnType<import("./progress.js").applied>} now */
export function tripScreen(app, entry, now) {
  const { trip } = entry;
  const coming = nextPlace(now.stops);
  return [
    el("p.head", {}, el("b", {}, `${trip.plate} · ${trip.number}`), el(`span.state.${now.state}`, { "data-state": now.state }, t(STATES[now.state] ?? now.state))),
    ...told(app, entry),
    now.next && step(app, entry, now.next),
    coming.length && now.state === "away" ? ahead(app, coming[0]) : null,
    ...warnings(entry, now),
    sketch(entry.legs, now.stops, app.here()),
    el("h2", {}, t("停靠 {n}", { n: now.stops.length })),
    el("ol.stops", {}, ...now.stops.map((stop) => row(app, stop))),
  ].filter(Boolean);
}

/** What the way's newest version changed, until the driver has seen it. */
function told(app, { trip, changes }) {
  if (!changes.length || app.hasSeen(trip)) return [];
  return [
    el("div.message.bad", { id: "changed", role: "alert" }, el("b", {}, t("路况有变,请改走新路线")), el("ul", {}, ...changes.map((words) => el("li", {}, words))),
      el("button.button", { type: "button", onclick: () => app.seen(trip) }, t("知道了"))),
  ];
}

function step(app, entry, { kind, stop }) {
  const act = () => {
    const sure = kind !== "back" || entry.trip.state !== "away" || confirm(t("还有没送到的站,确定回场吗?"));
    if (sure) app.act(entry.trip, kind, stop);
  };
  return el("button.button.big.next", { type: "button", "data-kind": kind, onclick: act }, stop ? `${t(STEPS[kind])} ${stop.name}` : t(STEPS[kind]));
}

function ahead(app, stop) {
  const here = app.here();
  const far = here ? `${t("直线 {km} 公里", { km: (metres(here, [stop.lon, stop.lat]) / KM).toFixed(1) })} · ` : "";
  return el("p.ahead", {}, `${t("下一站")} `, el("b", {}, stop.name), el("br"), far, stop.eta ? `${t("预计到达")} ${clock(stop.eta).slice(-5)}` : t("无安全路线"));
}

function warnings({ legs, trip }, now) {
  const cut = now.state === "back" ? [] : legs.filter(({ verdict }) => verdict === "no_dry" || verdict === "no_road");
  return [
    ...cut.map(({ said }) => el("p.message.bad.cut", {}, said)),
    trip.off_since && el("p.message.bad", { "data-alarm": "off" }, t("已偏离路线,请确认安全后回到路线,或报告县里。")),
    trip.still_since && el("p.message.bad", { "data-alarm": "still" }, t("停车时间较长,如有困难请报告县里。")),
  ].filter(Boolean);
}

function row(app, stop) {
  const goods = Object.entries(stop.goods).map(([key, n]) => `${app.item(key).name} ${n} ${app.item(key).unit}`).join(t("、"));
  const when = stop.arrived_at ? `${t("到达")} ${clock(stop.arrived_at).slice(-5)}` : `${t("计划")} ${clock(stop.planned_at).slice(-5)}`;
  return el(stop.arrived_at ? "li.done" : "li", { "data-stop": stop.id }, el("b", {}, stop.name), ` ${stop.is_drop ? t("卸货") : t("装车")}`, el("br"), goods, el("br"), el("span.soft", {}, `${stop.number}${stop.load > 1 ? ` ${t("第 {load} 车", { load: stop.load })}` : ""} · ${when}`));
}
