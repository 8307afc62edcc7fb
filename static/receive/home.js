/** The first screen: what waits for a signature here, and what this phone has signed. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { isDone, left, since } from "./known.js";
import { loadOf, named } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} [trip]  only what this trip carries @param {string} [id]  only this paper's loads */
export async function home(box, app, trip = "", id = "") {
  const doors = el("nav.doors", {});
  const coming = el("section.block", { id: "coming" });
  const mine = el("section.block", { id: "mine" });
  const again = el("button.button.quiet", { type: "button", onclick: () => app.refresh() }, t("刷新"));
  box.append(doors, coming, mine, el("p.row", {}, again));

  async function update() {
    const { outbox, sent, refused } = await app.waiting();
    const open = (await app.coming()).filter((one) => (!trip || one.trip === trip) && (!id || one.id === id));
    doors.replaceChildren(...doorsOf(app, { outbox, sent }));
    coming.replaceChildren(el("h2", {}, t("待签收 {n}", { n: open.length })), ...(open.length ? open.map((one) => paper(one, app)) : [el("p.soft", {}, t("没有在途的物资。"))]));
    const rows = [
      ...refused.map((row) => told(row, "refused", `${t("没有收下:")}${[row.problem.message, ...Object.values(row.problem.errors)].join(" ")}`, app)),
      ...outbox.map((row) => told(row, "waiting", app.sender.trouble || t("已存在手机里,有网络时自动发送"), app)),
      ...[...sent].sort((a, b) => b.order - a.order).slice(0, 20).map((row) => told(row, "sent", t("市局已收到"), app)),
    ];
    mine.replaceChildren(...(rows.length ? [el("h2", {}, t("我签过的")), ...rows] : []));
  }
  return { update };
}

function doorsOf(app, held) {
  const list = app.list();
  const households = list?.village ? list.households.filter((one) => !isDone(left(one, since(held, list.at)))).length : 0;
  const door = (to, words, told) => el("button.door", { type: "button", onclick: () => app.go(to) }, el("b", {}, words), el("span.soft", {}, told));
  return [
    door("scan", t("扫码"), t("运单、领取凭证")),
    list && door("village", t("发放到户"), list.village ? t("{village}还有 {n} 户", { village: list.village.name, n: households }) : t("选择村")),
  ].filter(Boolean);
}

function paper(one, app) {
  const goods = one.lines.map((line) => `${named(line)} ${line.quantity} ${line.unit}`).join(t("、"));
  return el(
    "button.card.paper",
    { type: "button", onclick: () => app.go(`document/${one.id}/${one.load}`), "data-number": one.number, "data-load": one.load },
    el("b", {}, goods),
    el("span", {}, `${one.source} → ${one.target}`),
    el("span.soft", {}, `${one.number}${loadOf(one)} · ${one.sent_by}${one.state === "open" ? ` · ${t("有差异")}` : ""}`),
  );
}

function told(row, state, words, app) {
  const retry = state === "refused" && el("button.button.quiet", { type: "button", onclick: () => app.go(row.shown.again ?? `document/${row.body.document}`) }, t("再看一下"));
  return el("div.card.told", { "data-state": state }, el("b", {}, row.shown.goods), el("span", {}, row.shown.signer), el("span.state", {}, words), retry);
}
