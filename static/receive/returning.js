/** Goods a household gives back: whole ones go into stock again, damaged ones are scrapped. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { iso } from "../shared/time.js";
import { Hand } from "./hand.js";
import { got, since } from "./known.js";
import { stepper } from "./stepper.js";
import { back, goodsInWords, named } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} id  the application's */
export async function returning(box, app, id) {
  const list = app.list();
  const household = list?.households.find((one) => one.application === id);
  const has = household ? got(household, since(await app.waiting(), list.at)) : {};
  if (!household || !list.places.length) {
    box.append(back(app, "village"), el("p.message", {}, t("这一户不在这部手机的发放清单里。请连上网络刷新,或换一个村。")));
    return null;
  }
  const hand = new Hand({ name: household.name, forHousehold: true });
  const reason = el("textarea", { name: "reason", maxlength: 200, rows: 2 });
  const place = el("select", { name: "place" }, ...list.places.map((one) => el("option", { value: one.id }, one.name)));
  const say = el("p.message.bad", { hidden: true, role: "alert" });
  const lines = Object.entries(has).filter(([, quantity]) => quantity).map(([item, quantity]) => line(item, quantity, list.items[item]));
  const form = el(
    "form",
    { id: "back", novalidate: true },
    ...lines.map(({ box: shown }) => shown),
    el("label.field", {}, t("退到哪里"), place),
    el("label.field", {}, t("退回原因"), reason),
    ...hand.fields(),
    say,
    el("button.button.big", { type: "submit" }, t("确认退回")),
  );

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const goods = Object.fromEntries(lines.map(({ item, count }) => [item, count()]).filter(([, { whole, damaged }]) => whole + damaged > 0));
    const sums = Object.fromEntries(Object.entries(goods).map(([item, { whole, damaged }]) => [item, whole + damaged]));
    const wrong =
      (!Object.keys(goods).length && t("请填写退几件。")) ||
      (Object.entries(sums).some(([item, sum]) => sum > has[item]) && t("退回的比领走的多,请再数一遍。")) ||
      (!reason.value.trim() && t("请写退回原因。")) ||
      hand.wrong();
    say.hidden = !wrong;
    say.textContent = wrong || "";
    if (wrong) return say.scrollIntoView({ block: "center" });
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const signed = await hand.value();
    await app.sender.seal(
      { id: crypto.randomUUID(), application: id, place: place.value, goods, reason: reason.value.trim(), ...signed, taken_at: iso(Date.now()) },
      { to: "/api/issues/returns", again: `back/${id}`, application: id, place: place.value, given: less(sums), taken: less(Object.fromEntries(Object.entries(goods).map(([item, { whole }]) => [item, whole]))), goods: `${household.name}: ${t("退回")} ${goodsInWords(list.items, sums)}`, signer: signed.signer },
    );
    return app.go("village");
  });
  box.append(back(app, `household/${id}`), el("h2", {}, t("{name} 退回物资", { name: household.name })), form);
  return null;
}

const less = (goods) => Object.fromEntries(Object.entries(goods).map(([item, quantity]) => [item, -quantity]));

function line(item, quantity, shown) {
  const part = (key, words) => stepper({ name: `${key}.${item}`, words, label: `${named(shown)} ${words}`, value: 0, max: quantity });
  const [whole, damaged] = [part("whole", t("完好")), part("damaged", t("损坏"))];
  const box = el("fieldset.line", {}, el("legend", {}, el("b", {}, named(shown)), ` ${t("领走")} ${quantity} ${shown.unit}`), whole.box, damaged.box);
  return { item, box, count: () => ({ whole: whole.count(), damaged: damaged.count() }) };
}
