/** The driver's page: departs, arrives, says where the lorry is; with or without a network. */

import { get, post, Refusal, Unreachable } from "../shared/api.js";
import { all, keep, recall, useBase } from "../shared/db.js";
import { by, el } from "../shared/dom.js";
import { inEnglish, t, use } from "../shared/i18n.js";
import { SENDER_STORES, Sender } from "../shared/sender.js";
import { languageButton, lookSwitch } from "../shared/settings.js";
import { openSocket } from "../shared/socket.js";
import { clock, iso } from "../shared/time.js";
import { Positions } from "./positions.js";
import { applied } from "./progress.js";
import { tripScreen } from "./trip.js";

useBase({ name: "zaiqing-driver", version: 1, stores: { ...SENDER_STORES, fixes: "id", kv: "key" } });

const PAGE = "/driver/";
/** The trips are asked for this often while the page is in sight: roads close meanwhile. */
const REFRESH_MS = 15_000;
/** @type {any} what the server said last: person, trips, items */
let work = null;
/** @type {Record<string, number>} trip → the version of its way the driver has seen */
let seenVersions = {};
/** @type {any[]} acts that wait on this phone */
let acts = [];
let isStranger = false;
let online = true;
let line = null;
let chosen = "";
let awake = null;
let painted = "";
/** @type {Map<string, number>} trip → the version of its way that was announced */
const announced = new Map();
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("zaiqing-driver") : { postMessage() {}, onmessage: null };

const person = () => (isStranger ? "" : (work?.person.id ?? ""));
const sender = new Sender({ lock: "zaiqing-driver", person, send: (row) => deliver(row), onChange: () => changed(), onStranger: () => stranger(true) });
const positions = new Positions({
  person: () => work?.person.id ?? "",
  trip: () => (shownTrips().find(({ now }) => ["away", "arrived"].includes(now.state))?.entry.trip.id ?? ""),
  mayBeSent: async (trip) => Boolean(person()) && !(await all("outbox")).some(({ body }) => body.trip === trip && body.kind === "depart"),
  line: () => line,
  onFixed: heardFixed,
  onChange: () => changed(),
});

/** What screens may do. */
const app = {
  here: () => positions.here,
  item: (key) => work.items[key] ?? { name: key, unit: "" },
  act: (trip, kind, stop) => sender.seal({ id: crypto.randomUUID(), trip: trip.id, kind, stop: stop?.id, at: iso(Date.now()) }, { number: trip.number, name: stop?.name ?? "", kind }),
  hasSeen: ({ id, version }) => (seenVersions[id] ?? 0) >= version,
  seen: ({ id, version }) => sawVersion(id, version),
};

/** Somebody else may have signed in beside us: nothing is done in a wrong name. */
async function deliver(row) {
  const { person: now } = await get("/api/me");
  if (now?.id !== row.by) throw new Refusal({ number: "401.1", message: t("请先登录") });
  const { trip, ...body } = row.body;
  const answer = await post(`/api/trips/${trip}/acts`, body);
  if (answer.act !== row.id) throw new Unreachable(t("服务器没有正常回答"));
  for (const entry of work.trips) if (entry.trip.id === trip) entry.trip = answer.trip;
  await keep("work", work);
  return { state: answer.trip.state };
}

async function refresh() {
  try {
    work = await get("/api/driver");
    online = true;
    stranger(false);
    await keep("work", work);
  } catch (error) {
    if (error.status === 401) stranger(true);
    else if (error instanceof Refusal) by("screen").replaceChildren(el("p.message.bad", {}, error.message));
    else online = false;
    if (!work) return;
  }
  await sender.flush();
  positions.flush();
  await changed();
}

/** The server has positions, and says how the trip stands: ask for it when its way is another. */
function heardFixed({ trip, version, state }) {
  const known = work.trips.find((entry) => entry.trip.id === trip)?.trip;
  if (!known || known.version < version || known.state !== state) refresh();
}

function shownTrips() {
  return (work?.trips ?? []).map((entry) => ({ entry, now: applied(entry, acts.filter((act) => act.trip === entry.trip.id)) }));
}

async function changed({ tell = true } = {}) {
  if (!work) return showLine(0);
  const waiting = (await all("outbox")).filter(({ by: who }) => who === work.person.id).sort((a, b) => a.order - b.order);
  acts = waiting.map(({ body }) => body);
  positions.follow();
  hold(Boolean(positions.doors.trip()));
  if (tell) tabs.postMessage("changed");
  showLine(waiting.length + (await positions.waiting()));
  await show();
}

/** While a trip is under way the socket is open and the screen stays on: a page that sleeps says nothing. */
function hold(underWay) {
  if (underWay && !line) line = openSocket({ onMessage: (message) => positions.hear(message), onState: (state) => state === "open" && refresh() });
  if (!underWay && line) {
    line.close();
    line = null;
  }
  if (underWay && !awake && !document.hidden) {
    awake = navigator.wakeLock?.request("screen").catch(() => null) ?? null;
    awake?.then((lock) => lock?.addEventListener("release", () => (awake = null)));
  }
}

async function show() {
  const trips = shownTrips();
  const open = trips.find(({ entry }) => entry.trip.id === chosen) ?? (trips.length === 1 ? trips[0] : null);
  for (const { entry } of trips) announce(entry);
  const refused = (await all("refused")).filter(({ by: who }) => who === work.person.id);
  const lost = refused.map((row) => el("p.message.bad", { "data-refused": row.id }, `${row.shown.number} ${t("没有收下:")}${[row.problem.message, ...Object.values(row.problem.errors)].join(" ")}`));
  const back = trips.length > 1 && open && el("button.button.quiet", { type: "button", onclick: () => choose("") }, `← ${t("返回")}`);
  // A button that is being tapped stays where it is: where only the lorry moved, only what shows it is drawn anew.
  const key = JSON.stringify([open?.entry, open?.now, trips.length, refused.length, seenVersions]);
  const body = open ? tripScreen(app, open.entry, open.now) : list(trips);
  if (key === painted && open) return renew(body);
  painted = key;
  by("screen").replaceChildren(...[...lost, back, ...body].filter(Boolean));
  return undefined;
}

function renew(body) {
  for (const name of ["sketch", "ahead"]) {
    const fresh = body.find((element) => element.classList.contains(name));
    if (fresh) document.querySelector(`#screen .${name}`)?.replaceWith(fresh);
  }
}

function list(trips) {
  if (!trips.length) return [el("p.soft", { id: "none" }, t("现在没有您的车次。")), el("button.button.quiet", { type: "button", onclick: () => refresh() }, t("刷新"))];
  return trips.map(({ entry: { trip }, now }) => el("button.card", { type: "button", onclick: () => choose(trip.id) }, el("b", {}, `${trip.plate} · ${trip.number}`), el("span", {}, now.stops.map(({ name }) => name).join(" → ")), el("span.soft", {}, `${t("发车")} ${clock(trip.starts_at)}`)));
}

function choose(id) {
  chosen = id;
  show();
}

/** A way that has changed is felt as well as seen. */
function announce({ trip, changes }) {
  seenVersions[trip.id] ??= changes.length ? 0 : trip.version;
  if (changes.length && !app.hasSeen(trip) && announced.get(trip.id) !== trip.version) {
    announced.set(trip.id, trip.version);
    navigator.vibrate?.([300, 150, 300]);
  }
}

async function sawVersion(id, version) {
  seenVersions = { ...seenVersions, [id]: version };
  await keep("seen", seenVersions);
  show();
}

function showLine(waiting) {
  const light = by("line");
  const isOn = online && navigator.onLine && !isStranger;
  const kept = waiting ? ` · ${t("{n} 条待发送", { n: waiting })}` : "";
  light.textContent = (isStranger ? t("请先登录") : isOn ? t("有网络") : t("没有网络,照常行车")) + kept;
  light.dataset.state = isStranger ? "stranger" : isOn ? "open" : "down";
  light.dataset.waiting = String(waiting);
  const denied = positions.trouble === "denied" && t("手机没有允许定位,地图上看不到这辆车。请在浏览器设置里允许定位。");
  by("place-trouble").textContent = denied || (positions.doors.trip() ? t("行车时请保持本页打开。") : "");
}

function stranger(now) {
  isStranger = now;
  const link = el("a.button", { href: `/sign-in/?next=${PAGE}` }, t("去登录"));
  const words = t("登录已过期。位置和操作都在手机里,登录后继续发送。");
  by("warnings").replaceChildren(...(now && work ? [el("div.message.bad", { id: "sign-in" }, el("p", {}, words), link)] : []));
}

async function begin() {
  work = (await recall("work")) ?? null;
  seenVersions = (await recall("seen")) ?? {};
  const known = Boolean(work);
  if (known) await changed();
  await refresh();
  if (isStranger && !known) return location.replace(`/sign-in/?next=${PAGE}`);
  if (!work) return by("screen").querySelector(".message") ?? by("screen").replaceChildren(el("p.message.bad", {}, t("第一次打开需要网络,请连上网络后再试。")), el("button.button", { onclick: () => location.reload() }, t("重试")));
  addEventListener("online", refresh);
  addEventListener("offline", () => ((online = false), changed()));
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(() => document.hidden || refresh(), REFRESH_MS);
  tabs.onmessage = () => changed({ tell: false });
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register(`${PAGE}worker.js`).catch(() => {});
  return undefined;
}

document.documentElement.lang = /(?:^|; )django_language=en/.test(document.cookie) ? "en" : "zh-hans";
if (inEnglish()) use((await import("./en.js")).default);
for (const element of document.querySelectorAll("#place, .wait")) element.textContent = t(element.textContent);
by("settings").append(lookSwitch(), languageButton("button.plain"));
begin();
