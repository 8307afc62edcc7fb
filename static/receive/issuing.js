/** One household: what it gets, out of which store, whose hand is under it; with or without a network. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { clock, iso } from "../shared/time.js";
import { locate } from "./evidence.js";
import { Hand } from "./hand.js";
import { got, isDone, left, since, stocked } from "./known.js";
import { stepper } from "./stepper.js";
import { back, goodsInWords, named } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} id  the application's @param {string} [voucher]  what the code of the voucher it came with says after its kind */
export async function issuing(box, app, id, voucher = "") {
  const line = voucher && `ZQ1:V:${voucher}`;
  const list = app.list();
  const household = list?.households.find((one) => one.application === id);
  if (!household) {
    box.append(back(app, "village"), el("p.message", {}, t("这一户不在这部手机的发放清单里。请连上网络刷新,或换一个村。")));
    return null;
  }
  const known = since(await app.waiting(), list.at);
  const goods = left(household, known);
  box.append(back(app, "village"), ...headOf(household, list, known));
  if (isDone(goods)) box.append(el("p.message", { id: "done" }, doneWords(household, known)));
  else if (household.held) box.append(el("p.message.bad", {}, t("暂停发放:{why}", { why: household.held })));
  else if (household.notice_until && household.notice_until >= today()) box.append(el("p.message.bad", {}, t("公示到 {until} 期满,期满后再发。", { until: household.notice_until })));
  else if (!list.places.length) box.append(el("p.message.bad", {}, t("这个村没有登记储备点,不能发放。请乡镇先登记,或从乡镇的储备点发放。")));
  else box.append(new Form(app, household, goods, known, line).element());
  if (!isDone(got(household, known))) box.append(el("p.row", {}, el("button.button.quiet", { type: "button", onclick: () => app.go(`back/${id}`) }, t("这一户要退回物资"))));
  return null;
}

const today = () => iso(Date.now()).slice(0, 10);

function headOf(household, list, known) {
  const all = Object.fromEntries(household.goods.map(({ item, granted }) => [item, granted]));
  return [
    el("h2", {}, household.name, household.tail ? el("span.soft", {}, ` ${t("尾号 {tail}", { tail: household.tail })}`) : ""),
    el("p.soft", {}, `${household.group} · ${household.programme} · ${household.number}`),
    el("p", {}, `${t("核准")} ${goodsInWords(list.items, all)}`, isDone(got(household, known)) ? "" : ` · ${t("已领")} ${goodsInWords(list.items, got(household, known))}`),
  ];
}

function doneWords(household, known) {
  if (known.some(({ shown }) => shown.application === household.application)) return t("已领完:在这部手机上签领的。");
  return household.last ? t("已领完:{who} 于 {at} 发放。", { who: household.last.by, at: clock(household.last.at) }) : t("已领完");
}

class Form {
  #parts = new Map();
  #place;
  #say = el("p.message.bad", { hidden: true, role: "alert" });

  constructor(app, household, goods, known, line) {
    Object.assign(this, { app, household, goods, known, line });
    this.list = app.list();
    this.hand = new Hand({ name: household.name, forHousehold: true });
    this.position = locate();
  }

  element() {
    const { places, items } = this.list;
    this.#place = el("select", { name: "place", onchange: () => this.#fill() }, ...places.map((one) => el("option", { value: one.id }, one.name)));
    const best = places.find((one) => Object.entries(this.goods).every(([item, quantity]) => (stocked(one, this.known)[item] ?? 0) >= quantity));
    if (best) this.#place.value = best.id;
    const lines = Object.entries(this.goods).filter(([, quantity]) => quantity).map(([item]) => this.#line(item, items[item]));
    const form = el(
      "form",
      { id: "issue", novalidate: true },
      el("fieldset.line", {}, el("legend", {}, t("这次领")), ...lines),
      places.length > 1 ? el("label.field", {}, t("从哪里发"), this.#place) : el("p.soft", {}, t("从 {place} 发", { place: places[0].name })),
      ...this.hand.fields(),
      this.#say,
      el("button.button.big", { type: "submit" }, t("确认领取")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#seal(form);
    });
    this.#fill();
    return form;
  }

  #line(item, shown) {
    const { input, count, box } = stepper({ name: `goods.${item}`, words: `${named(shown)}(${shown.unit})`, label: named(shown), value: 0, max: this.goods[item] });
    const stock = el("span.soft.stock");
    this.#parts.set(item, { input, count, stock });
    return el("div", {}, box, stock);
  }

  #here() {
    return stocked(this.list.places.find(({ id }) => id === this.#place.value), this.known);
  }

  /** What is granted, as far as it is there. */
  #fill() {
    const here = this.#here();
    for (const [item, { input, stock }] of this.#parts) {
      input.value = String(Math.min(this.goods[item], here[item] ?? 0));
      stock.textContent = t("还可领 {n},库存 {stock}", { n: this.goods[item], stock: here[item] ?? 0 });
    }
  }

  #wrong(goods) {
    const here = this.#here();
    if (!Object.keys(goods).length) return t("请填写领几件。");
    for (const [item, quantity] of Object.entries(goods)) {
      const name = named(this.list.items[item]);
      if (quantity > this.goods[item]) return t("{item}只能再领 {n}。", { item: name, n: this.goods[item] });
      if (quantity > (here[item] ?? 0)) return t("{item}的库存只有 {n}。", { item: name, n: here[item] ?? 0 });
    }
    return this.hand.wrong();
  }

  async #seal(form) {
    const goods = Object.fromEntries([...this.#parts].map(([item, { count }]) => [item, count()]).filter(([, quantity]) => quantity > 0));
    const wrong = this.#wrong(goods);
    this.#say.hidden = !wrong;
    this.#say.textContent = wrong;
    if (wrong) return this.#say.scrollIntoView({ block: "center" });
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const hand = await this.hand.value();
    const { application, name } = this.household;
    await this.app.sender.seal(
      { id: crypto.randomUUID(), application, place: this.#place.value, goods, voucher: this.line, ...hand, taken_at: iso(Date.now()), ...(await this.position) },
      { to: "/api/issues", again: `household/${application}`, application, place: this.#place.value, given: goods, taken: goods, goods: `${name}: ${goodsInWords(this.list.items, goods)}`, signer: hand.signer },
    );
    return this.app.go("village");
  }
}
