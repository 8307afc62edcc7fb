/** Signing for goods on the phone: what is coming, what is in the village, who gets it; with or without a network. */

import { get, post, Refusal, Unreachable } from "../shared/api.js";
import { DOCUMENT, TRIP, VOUCHER } from "../shared/codes.js";
import { all, keep, recall, useBase } from "../shared/db.js";
import { by, el } from "../shared/dom.js";
import { inEnglish, t, use } from "../shared/i18n.js";
import { SENDER_STORES, Sender } from "../shared/sender.js";
import { languageButton, lookSwitch } from "../shared/settings.js";
import { home } from "./home.js";
import { issuing } from "./issuing.js";
import { unsigned } from "./known.js";
import { returning } from "./returning.js";
import { scanning } from "./scanning.js";
import { signing } from "./signing.js";
import { village } from "./village.js";
import { voucherView } from "./voucher_view.js";

useBase({ name: "zaiqing-receive", version: 1, stores: { ...SENDER_STORES, kv: "key" } });

const PAGE = "/receive/";
/** @type {any} what the server said last: person, coming, at */
let work = null;
/** @type {any} a village's issue list, with when it was fetched */
let list = null;
let isStranger = false;
let online = true;
let shown = null;
const tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("zaiqing-receive") : { postMessage() {}, onmessage: null };

const sender = new Sender({
  lock: "zaiqing-receive",
  person: () => (isStranger ? "" : work?.person.id ?? ""),
  send: (row) => deliver(row),
  onChange: () => changed(),
  onStranger: () => stranger(true),
});

/** What `#/name/…` shows. */
const SCREENS = { document: signing, trip: home, scan: scanning, village, household: issuing, back: returning, voucher: voucherView };

/** What screens may do. */
const app = { work: () => work, list: () => list, coming, chooseVillage, found, typed, waiting, sender, go, refresh, show };

/** Somebody else may have signed in beside us: nothing is signed in a wrong name. */
async function deliver(row) {
  const { person } = await get("/api/me");
  if (person?.id !== row.by) throw new Refusal({ number: "401.1", message: t("请先登录") });
  const answer = await post(row.shown.to ?? "/api/receipts", row.body);
  // A captive portal answers anything with 200: only this receipt's answer is one.
  if (answer.receipt?.id !== row.id) throw new Unreachable(t("服务器没有正常回答"));
  return answer.receipt;
}

/** What this phone holds besides: sealed, sent, refused. */
async function waiting() {
  const [outbox, sent, refused] = await Promise.all(["outbox", "sent", "refused"].map(all));
  const mine = ({ by: person }) => person === work?.person.id;
  return { outbox: outbox.filter(mine), sent: sent.filter(mine), refused: refused.filter(mine) };
}

/** Ask the server what is coming; what it said is kept for when it can't be asked. */
async function refresh() {
  try {
    const said = await get("/api/receive");
    if (work && work.person.id !== said.person.id) shown = null;
    work = said;
    online = true;
    stranger(false);
    await keep("work", said);
    await fetchList((await recall("village")) ?? "");
  } catch (error) {
    if (error.status === 401) stranger(true);
    else if (error instanceof Refusal) by("screen").replaceChildren(el("p.message.bad", {}, error.message));
    else online = false;
    if (!work) return;
  }
  sender.flush();
  changed();
}

/** The list of the chosen village; whoever gives nothing out has none. */
async function fetchList(code) {
  try {
    list = { ...(await get(`/api/issues${code ? `?village=${code}` : ""}`)), by: work.person.id };
    await keep("list", list);
    if (list.village) await keep(`list.${list.village.code}`, list);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The village may have been taken away from this person: the plain list tells which are left.
    if (error.status === 404 && code) return keep("village", "").then(() => fetchList(""));
    list = null;
  }
  return undefined;
}

/** What was fetched of a village once is shown at once, and without a network. */
async function chooseVillage(code) {
  await keep("village", code);
  const known = code && (await recall(`list.${code}`));
  if (known?.by === work.person.id) list = { ...known, villages: list?.villages ?? known.villages };
  await shown?.update?.();
  return refresh();
}

/** What is on its way here and was not signed for on this phone since the server told of it. */
async function coming() {
  return unsigned(work.coming, await waiting(), work.at);
}

/** Where a scanned code leads. @param {{kind: string, value: string}} code @returns {Promise<string>} why nowhere, "" if somewhere */
async function found({ kind, value }) {
  if (kind === VOUCHER) return go(`voucher/${value}`), "";
  const papers = (await coming()).filter(({ id, trip }) => (kind === DOCUMENT ? id === value : kind === TRIP && trip === value));
  if (papers.length === 1) return go(`document/${papers[0].id}/${papers[0].load}`), "";
  if (papers.length) return go(`${kind === TRIP ? "trip" : "document"}/${value}`), "";
  return kind === TRIP ? t("这趟车上没有要您签收的物资,或清单还没有刷新。") : t("这张单据不在待签收之列:可能已经签收,或不归您签收。");
}

/** Where the last digits of a number lead. @param {string} text @returns {Promise<string>} why nowhere, "" if somewhere */
async function typed(text) {
  const ends = ({ number }) => number.toUpperCase().endsWith(text.toUpperCase());
  const papers = [...new Set((await coming()).filter(ends).map(({ id }) => `document/${id}`))];
  const households = (list?.households ?? []).filter(ends).map(({ application }) => `household/${application}`);
  const [address, ...more] = [...papers, ...households];
  if (more.length) return t("有好几个号码以此结尾,请多输几位。");
  if (!address) return t("没有找到这个号码。");
  return go(address), "";
}

async function changed({ tell = true } = {}) {
  if (tell) tabs.postMessage("changed");
  showLine();
  await shown?.update?.();
}

function go(address) {
  if (location.hash.slice(2) === address) show();
  else location.hash = `#/${address}`;
}

async function show() {
  if (!work) return;
  const asked = /^#document=(.+)$/.exec(location.hash);
  if (asked) return history.replaceState(null, "", `#/document/${asked[1]}`), show();
  const [name, id = "", more = ""] = location.hash.slice(2).split("/");
  shown?.leave?.();
  const box = el("div.screen");
  by("screen").replaceChildren(box);
  document.body.dataset.screen = name || "home";
  scrollTo(0, 0);
  const screen = SCREENS[name] ?? home;
  shown = (await screen(box, app, id, more)) ?? null;
  await shown?.update?.();
  return undefined;
}

function showLine() {
  const light = by("line");
  light.textContent = isStranger ? t("请先登录") : online && navigator.onLine ? t("有网络") : t("没有网络,照常签收");
  light.dataset.state = isStranger ? "stranger" : online && navigator.onLine ? "open" : "down";
}

function stranger(now) {
  isStranger = now;
  showLine();
  const words = t("登录已过期。签好的都在手机里,登录后继续发送。");
  const link = el("a.button", { href: `/sign-in/?next=${PAGE}` }, t("去登录"));
  by("warnings").replaceChildren(...(now && work ? [el("div.message.bad", { id: "sign-in" }, el("p", {}, words), link)] : []));
}

async function begin() {
  work = (await recall("work")) ?? null;
  // What a phone kept before loads had numbers.
  for (const one of work?.coming ?? []) one.load ??= 1;
  list = (await recall("list")) ?? null;
  if (list?.by !== work?.person.id) list = null;
  if (work) await show();
  const known = Boolean(work);
  await refresh();
  if (isStranger && !known) return location.replace(`/sign-in/?next=${PAGE}${encodeURIComponent(location.hash)}`);
  if (!work) return by("screen").querySelector(".message") ?? by("screen").replaceChildren(el("p.message.bad", {}, t("第一次打开需要网络,请连上网络后再试。")), el("button.button", { onclick: () => location.reload() }, t("重试")));
  if (!shown) await show();
  addEventListener("hashchange", show);
  addEventListener("online", refresh);
  addEventListener("offline", () => ((online = false), changed()));
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  tabs.onmessage = () => changed({ tell: false });
  if ("serviceWorker" in navigator) await keepPage().catch(() => {});
  return undefined;
}

/** The page and its files, and what reads QR codes where the browser can't. */
async function keepPage() {
  await navigator.serviceWorker.register(`${PAGE}worker.js`);
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage("later");
}

document.documentElement.lang = /(?:^|; )django_language=en/.test(document.cookie) ? "en" : "zh-hans";
if (inEnglish()) use((await import("./en.js")).default);
for (const element of document.querySelectorAll("#place, .wait")) element.textContent = t(element.textContent);
by("settings").append(lookSwitch(), languageButton("button.plain"));
begin();
