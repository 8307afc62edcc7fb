/** The first screen: two large buttons, what waits, and my reports with their states in words. */

import { el, sign } from "../../shared/dom.js";
import { named, t } from "../../shared/i18n.js";
import { crossedWords, photoWords, TONES, words } from "../states.js";

const LISTED = 30;

/** @param {HTMLElement} main @param {any} app */
export function home(main, app) {
  const warned = el("section.warnings", { "aria-label": t("预警") });
  const queue = el("section.queue");
  const list = el("section.papers", { "aria-label": t("我的报告") });
  main.append(
    warned,
    el("div.doors", {},
      el("button.door", { id: "write", onclick: () => app.go("write") }, mark("pencil"), t("报灾情")),
      el("button.door.quiet", { id: "zero", onclick: () => app.go("zero") }, mark("check"), t("零报告"))),
    el("button.row-button", { id: "paste", onclick: () => app.go("paste") }, t("粘贴群消息")),
    queue,
    list,
    el("button.row-button", { id: "more", onclick: () => app.go("more") }, t("导出、语言、退出")),
  );
  const update = () => {
    showQueue(queue, app);
    // Most days there is none: its code is fetched with the first.
    if (app.world.notices.length || warned.childElementCount) import("../later/warned.js").then(({ showWarned }) => showWarned(warned, app), () => {});
    list.replaceChildren(el("h2", {}, t("我的报告")), ...cards(app));
  };
  update();
  return { update };
}

const mark = (name) => sign(`/static/field/signs.svg#${name}`);

/** What still has to leave the phone, and the button that always works. */
function showQueue(queue, app) {
  const { world, outbox } = app;
  const photos = world.sent.flatMap((row) => Object.values(row.photos)).filter((state) => state === "waiting").length;
  const told = [];
  if (world.outbox.length) told.push(t("{count} 份报告待发送", { count: world.outbox.length }));
  if (photos) told.push(t("{count} 张照片待发送", { count: photos }));
  const trouble = told.length && outbox.trouble ? el("p.soft", { id: "trouble" }, outbox.trouble) : null;
  const send = el("button.button", { id: "send-now", onclick: () => sendNow(app, send, said) }, t("现在发送"));
  const said = el("p", { id: "waiting", role: "status" }, told.join(",") || t("没有待发送的报告"));
  queue.dataset.waiting = String(told.length > 0);
  queue.replaceChildren(el("div", {}, said, trouble), send);
}

async function sendNow(app, button, said) {
  button.disabled = true;
  said.textContent = t("正在发送…");
  app.line().wake();
  await app.outbox.flush();
  await app.changed();
}

function cards(app) {
  const papers = app.world.papers(app.outbox.inFlight).slice(0, LISTED);
  return papers.length ? papers.map((paper) => card(paper, app)) : [el("p.soft", {}, t("还没有报告"))];
}

/** @param {any} paper */
function card(paper, { world, go }) {
  const { id, state, report, receipt, view, problem } = paper;
  const { lead, word, detail } = words(state, facts(paper));
  const hazard = world.hazard(report.hazard);
  const kind = world.catalogue.kinds.find(({ key }) => key === report.kind);
  const crosses = (view ?? receipt)?.crosses;
  const open = () => go(paper.shelf === "drafts" ? (report.kind === "zero" ? `zero/${id}` : `write/${id}`) : `report/${id}`);
  return el("button.card-row", { "data-report": id, "data-state": state, "data-tone": TONES[state], onclick: open },
    mark(hazard?.icon ?? "pencil"),
    el("span.body", {},
      lead ? el("strong.lead", {}, lead) : null,
      el("span.state", {}, word),
      el("span.what", {}, [named(kind), hazard && named(hazard)].filter(Boolean).join(" · ")),
      detail ? el("span.detail", {}, detail) : null,
      problem ? el("span.detail", {}, Object.values(problem.errors)[0] ?? "") : null,
      el("span.detail", {}, photoWords(paper.photos, paper.report?.voices)),
      crosses ? el("span.detail.crossed", {}, crossedWords()) : null,
      view?.superseded_by ? el("span.detail", {}, t("已有更新的一份")) : null));
}

/** What a state's words need. @param {any} paper */
export function facts({ receipt, view, problem }) {
  return {
    number: receipt?.number, at: receipt?.received_at ?? null, seen_at: view?.seen_at ?? null,
    remark: view?.remark ?? "", message: problem?.message ?? "",
  };
}
