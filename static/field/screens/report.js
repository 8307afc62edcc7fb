/** One report that was sealed: its state, its times, its figures, and the way to go on from it. */

import { el, sign } from "../../shared/dom.js";
import { distance } from "../../shared/format.js";
import { inEnglish, named, t } from "../../shared/i18n.js";
import { clock } from "../../shared/time.js";
import { picture } from "../photos.js";
import { crossedWords, photoWords, TONES, words } from "../states.js";
import { facts } from "./home.js";

/** @param {HTMLElement} main @param {any} app @param {string} id */
export function report(main, app, id) {
  const box = el("article.report");
  main.append(box);
  const update = () => {
    const paper = app.world.papers(app.outbox.inFlight).find((one) => one.id === id);
    if (!paper || paper.shelf === "drafts") box.replaceChildren(el("p.message", {}, t("这份报告已退到草稿,请回首页查看。")), back(app));
    else box.replaceChildren(...content(paper, app), back(app));
  };
  update();
  return { update };
}

const back = (app) => el("button.row-button", { type: "button", onclick: () => app.go("") }, t("返回"));

function content(paper, app) {
  const { world } = app;
  const { report: sealed, receipt, view, state } = paper;
  const { lead, word, detail } = words(state, facts(paper));
  const hazard = world.hazard(sealed.hazard);
  const told = view ?? receipt ?? {};
  return [
    el("div.verdict", { "data-tone": TONES[state], "data-state": state },
      lead ? el("strong.lead", {}, lead) : null, el("span.state", {}, word), el("span.detail", {}, detail), el("span.detail", {}, photoWords(paper.photos, sealed.voices))),
    told.crosses ? el("p.message.bad", {}, crossedWords()) : null,
    el("h2", {}, sign(`/static/field/signs.svg#${hazard.icon}`), named(world.catalogue.kinds.find(({ key }) => key === sealed.kind)), " · ", named(hazard)),
    goOn(paper, app),
    list(t("时间"), [
      [t("发生"), sealed.occurred_at], [t("发现"), sealed.discovered_at], [t("提交"), sealed.submitted_at],
      [t("市局接收"), told.received_at], [t("阅看"), view?.seen_at], [t("乡镇审核"), view?.passed_at], [t("县级核定"), view?.approved_at],
    ].filter(([, at]) => at).map(([name, at]) => [name, clock(at)])),
    list(t("数字"), figures(paper, world)),
    list(t("位置"), position(view ?? sealed.fix ?? {})),
    sealed.text ? el("p.text", {}, sealed.text) : null,
    photos(paper),
    voices(paper),
  ].filter(Boolean);
}

/** A returned report is corrected, a standing one continued; both are written upon this version. */
function goOn({ id, state, view }, app) {
  if (!view || view.superseded_by) return null;
  return el("button.button", { type: "button", id: "go-on", onclick: () => app.go(`write/${id}`) }, state === "returned" ? t("改好再报") : t("续报"));
}

function figures({ view, canonical }, { catalogue }) {
  const known = view?.figures ?? canonical ?? {};
  const rows = catalogue.indicators.filter(({ key }) => key in known);
  return rows.map((row) => [named(row), `${known[row.key]} ${inEnglish() ? row.unit_en : row.unit}`]);
}

/** How the position was taken, not where in degrees: that is for the bureau's map. */
function position({ lon, method, accuracy_m: accuracy }) {
  if (lon === null || lon === undefined) return [];
  const how = { gps: t("卫星定位"), network: t("网络定位"), pin: t("地图上选的位置"), village: t("按本村的位置上报") }[method];
  return [[how, accuracy ? t("误差约 {distance}", { distance: distance(accuracy, t) }) : ""]];
}

/** From the phone while they wait, from the bureau afterwards. */
function photos({ photos: own, view, report: sealed }) {
  const strip = el("div.photos");
  const show = (src) => strip.append(el("figure", {}, el("img", { src, alt: t("照片") })));
  const waiting = Object.keys(own).filter((hash) => own[hash] === "waiting" && !sealed.voices?.includes(hash));
  for (const hash of waiting) picture(hash).then((src) => src && show(src));
  for (const hash of view?.photos_stored ?? []) show(`/api/photos/${hash}?size=thumb`);
  return strip;
}

function voices({ photos: own, view, report: sealed }) {
  const strip = el("div.voices");
  const show = (src) => src && strip.append(el("audio", { controls: true, preload: "none", src, "aria-label": t("语音") }));
  const waiting = (sealed.voices ?? []).filter((hash) => own[hash] === "waiting");
  if (waiting.length) import("./voice_field.js").then(({ sound }) => waiting.forEach(async (hash) => show(await sound(hash))), () => {});
  for (const hash of view?.voices_stored ?? []) show(`/api/voices/${hash}`);
  return strip;
}

function list(title, pairs) {
  if (!pairs.length) return null;
  return el("section", {}, el("h3", {}, title), el("dl", {}, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}
