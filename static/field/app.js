/** The officer's page: joins memory, socket, outbox and screens, and shows the screen of the address. */

import { by, el } from "../shared/dom.js";
import { inEnglish, t, use } from "../shared/i18n.js";
import { openSocket, SIGN_IN_AGAIN } from "../shared/socket.js";
import { Delivery } from "./deliver.js";
import { Feed } from "./feed.js";
import { install, warn } from "./install.js";
import { Outbox } from "./outbox.js";
import { home } from "./screens/home.js";
import { World } from "./world.js";

/** Screens besides the first are loaded when asked for; the worker keeps them all. */
const SCREENS = {
  "": async () => home,
  write: async () => (await import("./screens/write.js")).write,
  zero: async () => (await import("./screens/zero.js")).zero,
  report: async () => (await import("./screens/report.js")).report,
  paste: async () => (await import("./screens/paste.js")).paste,
  more: async () => (await import("./screens/more.js")).more,
  warning: async () => (await import("./screens/warning.js")).warning,
};

const world = new World();
/** Other tabs of this page; old Safaris have no way to them. */
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("zaiqing-field") : { postMessage() {}, onmessage: null };
/** The most a phone's clock may be off before its owner is told (checks/times.py). */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
let line = /** @type {any} */ ({ state: () => "down", send: () => false, wake() {} });
let stranger = false;
let started = false;
/** The screen now shown: `update` is called when something changed. @type {{update?: () => void, leave?: () => void} | null} */
let shown = null;
let showings = 0;

const delivery = new Delivery(() => line);
const outbox = new Outbox({
  person: () => (stranger ? "" : world.person),
  submit: (message, row) => delivery.submit(message, row),
  upload: (row, hash, bytes) => delivery.upload(row, hash, bytes),
  onChange: () => changed(),
  onStranger: () => signedOut(true),
});

/** What screens may do. */
const app = { world, outbox, changed, go, flush, line: () => line, isStranger: () => stranger };

/** Send all that waits: reports, and answers to warnings. */
async function flush() {
  outbox.flush();
  if (!world.answers.some(({ problem }) => !problem)) return;
  const { sendAnswers } = await import("./later/answers.js");
  sendAnswers({ person: () => (stranger ? "" : world.person), onChange: () => changed(), onStranger: () => signedOut(true) });
}

/** Something on the phone changed: read it, show it, tell the other tabs. */
async function changed({ tell = true } = {}) {
  if (tell) tabs.postMessage("changed");
  await world.reread();
  shown?.update?.();
  showLine();
}

/** @param {string} address e.g. "report/<id>" */
function go(address) {
  if (location.hash.slice(2) === address) show();
  else location.hash = `#/${address}`;
}

/** Show the screen of the address. A screen that is still being drawn when the next is asked for is left. */
async function show() {
  if (!world.complete) return;
  const mine = ++showings;
  const [name, id = ""] = location.hash.slice(2).split("/");
  const screen = await (SCREENS[name] ?? SCREENS[""])();
  if (mine !== showings) return;
  shown?.leave?.();
  shown = null;
  const main = by("screen");
  const box = el("div.screen");
  main.replaceChildren(box);
  document.body.dataset.screen = name || "home";
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
  const drawn = (await screen(box, app, id)) ?? null;
  if (mine !== showings) return drawn?.leave?.();
  shown = drawn;
  shown?.update?.();
  return undefined;
}

function showLine() {
  const online = line.state() === "open";
  const light = by("line");
  light.textContent = stranger ? t("请先登录") : online ? t("已连市局") : t("没连上市局");
  light.dataset.state = stranger ? "stranger" : online ? "open" : "down";
}

function signedOut(now) {
  if (stranger === now) return;
  stranger = now;
  showLine();
  const words = t("登录已过期。填好的内容都在手机里,登录后继续发送。");
  const link = el("a.button", { href: "/sign-in/?next=/field/" }, t("去登录"));
  by("warnings").replaceChildren(...(now ? [el("div.message.bad", { id: "sign-in" }, el("p", {}, words), link)] : []));
}

function connect() {
  const feed = new Feed({ person: world.person, send: (message) => line.send(message), changed: () => changed() });
  line = openSocket({
    onMessage(message) {
      delivery.hear(message);
      feed.hear(message);
      if (message.type === "welcome") checkClock(message.server_time);
    },
    onState(state, code) {
      if (state === "down") delivery.lost();
      if (state === "open") signedOut(false);
      if (code === SIGN_IN_AGAIN) signedOut(true);
      if (state === "open") flush();
      showLine();
    },
  });
  for (const sign of ["online", "pageshow"]) addEventListener(sign, flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
}

/** A wrong clock writes wrong times into reports: say so, and let the officer set it right. */
function checkClock(serverTime) {
  const ahead = Date.now() - Date.parse(serverTime);
  if (Math.abs(ahead) < CLOCK_TOLERANCE_MS) return by("warning-clock")?.remove();
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  return warn("clock", ahead > 0 ? t("手机时间快了 {minutes} 分钟,请调准。", { minutes }) : t("手机时间慢了 {minutes} 分钟,请调准。", { minutes }));
}

/**
 * The first visit needs the server once; all others begin with what the phone remembers. But who has
 * just signed in may be another person than the phone remembers.
 */
async function begin() {
  await world.recall();
  const known = world.complete;
  const remembered = world.person;
  if (known && !justSignedIn()) start();
  try {
    await world.refresh();
  } catch (error) {
    if (error.status === 401) return stop(known);
    return known ? started || start() : by("screen").replaceChildren(el("p.message.bad", {}, t("第一次打开需要网络,请连上网络后再试。")), retryButton());
  }
  // Line and feed were made for the other one.
  if (started && world.person !== remembered) return location.reload();
  if (!world.home) return by("screen").replaceChildren(el("p.message", {}, t("您的账号没有负责的村(社区),请联系市应急局。")));
  return started ? changed() : start();
}

const justSignedIn = () => document.referrer && new URL(document.referrer).pathname.startsWith("/sign-in");

function stop(known) {
  if (known && !started) start();
  if (known) return signedOut(true);
  return location.replace("/sign-in/?next=/field/");
}

const retryButton = () => el("button.button", { onclick: () => location.reload() }, t("重试"));

function start() {
  started = true;
  by("place").textContent = world.home.name;
  document.title = `${t("报灾情")} · ${world.home.name}`;
  addEventListener("hashchange", show);
  tabs.onmessage = () => changed({ tell: false });
  connect();
  show();
  flush();
  install(app);
}

document.documentElement.lang = /(?:^|; )django_language=en/.test(document.cookie) ? "en" : "zh-hans";
if (inEnglish()) use((await import("./en.js")).default);
for (const element of document.querySelectorAll("#place, .wait")) element.textContent = t(element.textContent);
begin();
