/** A village's issue list: who has still to get what, by group; found by name, number or group. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { isDone, left, since } from "./known.js";
import { back, goodsInWords } from "./words.js";

/** @param {HTMLElement} box @param {any} app */
export async function village(box, app) {
  const head = el("h2", { id: "village" });
  const choose = el("select", { "aria-label": t("选择村"), onchange: () => app.chooseVillage(choose.value) });
  const search = el("input", { type: "search", name: "search", autocomplete: "off", placeholder: t("按姓名、组、申请号查找"), "aria-label": t("按姓名、组、申请号查找"), oninput: () => update() });
  const done = el("input", { type: "checkbox", name: "done", onchange: () => update() });
  const rows = el("div", { id: "households" });
  const scan = el("button.button.big", { type: "button", onclick: () => app.go("scan") }, t("扫领取凭证"));
  box.append(back(app), head, choose, scan, el("label.field", {}, search), el("label.check", {}, done, t("也列出已领完的")), rows);

  async function update() {
    const list = app.list();
    const villages = list?.villages ?? [];
    choose.hidden = villages.length < 2;
    choose.replaceChildren(el("option", { value: "" }, t("选择村")), ...villages.map(({ code, name }) => el("option", { value: code, selected: code === list.village?.code }, name)));
    if (!list?.village) {
      head.textContent = t("发放到户");
      rows.replaceChildren(el("p.soft", {}, villages.length ? t("请先选择村;有网络时选过一次,以后没有网络也能用。") : t("现在没有待发放的家庭。")));
      return;
    }
    const known = since(await app.waiting(), list.at);
    const open = list.households.filter((one) => !isDone(left(one, known)));
    head.textContent = t("{village}:还有 {n} 户没领", { village: list.village.name, n: open.length });
    const words = search.value.trim();
    const shown = (done.checked || words ? list.households : open).filter((one) => !words || [one.name, one.group, one.number].some((text) => text.includes(words)));
    rows.replaceChildren(...byGroup(shown).flatMap(([group, ones]) => [el("h3.group", {}, group), ...ones.map((one) => household(one, left(one, known), list.items, app))]));
    if (!shown.length) rows.append(el("p.soft", {}, words ? t("没有找到。") : t("都领完了。")));
  }
  return { update };
}

function byGroup(households) {
  const groups = new Map();
  for (const one of households) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups];
}

function household(one, goods, items, app) {
  const isOver = isDone(goods);
  const words = isOver ? t("已领完") : one.held ? t("暂停发放") : goodsInWords(items, goods);
  return el(
    "button.card.household",
    { type: "button", "data-number": one.number, "data-state": isOver ? "done" : one.held ? "held" : "open", onclick: () => app.go(`household/${one.application}`) },
    el("b", {}, `${one.name} `, el("span.soft", {}, one.tail ? t("尾号 {tail}", { tail: one.tail }) : "")),
    el("span", {}, words),
  );
}
