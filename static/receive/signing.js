/** Signing for one transfer: count, say what differs, write one's name, seal. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { iso } from "../shared/time.js";
import { locate } from "./evidence.js";
import { Hand } from "./hand.js";
import { home } from "./home.js";
import { stepper } from "./stepper.js";
import { back, loadOf, named } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} id @param {string} [load]  its number, where the paper comes in several */
export async function signing(box, app, id, load = "") {
  const loads = (await app.coming()).filter((one) => one.id === id && (!load || one.load === Number(load)));
  if (loads.length > 1) return home(box, app, "", id);
  const [paper] = loads;
  if (!paper) {
    box.append(back(app), el("p.message", {}, t("这张单据不在待签收之列:可能已经签收,或不归您签收。")));
    return null;
  }
  const place = locate();
  const form = new Form(paper, app);
  box.append(back(app), el("h2", {}, `${paper.source} → ${paper.target}`), el("p.soft", {}, `${paper.number}${loadOf(paper)} · ${t("发出人")} ${paper.sent_by}`));
  if (paper.sent_by_id === Number(app.work().person.id)) {
    box.append(el("p.message.bad", {}, t("这批物资是您发出的,须由另一个人签收。")));
    return null;
  }
  box.append(form.element(async (body, shown) => {
    await app.sender.seal({ ...body, ...(await place) }, shown);
    app.go("");
  }));
  return null;
}

const PARTS = ["received", "damaged", "returned", "over"];

class Form {
  #rows = new Map();
  #reason = el("textarea", { name: "reason", maxlength: 200, rows: 2 });
  #say = el("p.message.bad", { hidden: true, role: "alert" });

  constructor(paper, app) {
    this.paper = paper;
    this.hand = new Hand({ name: app.work().person.name });
  }

  element(onSeal) {
    const form = el(
      "form",
      { id: "sign", novalidate: true },
      ...this.paper.lines.map((line) => this.#row(line)),
      el("label.field", { id: "why", hidden: true }, t("差异说明(损坏、退回、短少、多出须写)"), this.#reason),
      ...this.hand.fields(),
      this.#say,
      el("button.button.big", { type: "submit" }, t("确认签收")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#seal(form, onSeal);
    });
    form.addEventListener("input", () => this.#differ(form));
    return form;
  }

  #row(line) {
    const words = { received: t("完好"), damaged: t("损坏"), returned: t("退回"), over: t("多出") };
    const parts = Object.fromEntries(
      PARTS.map((key) => [key, stepper({ name: `${key}.${line.batch}`, words: words[key], label: `${named(line)} ${words[key]}`, value: key === "received" ? line.quantity : 0, max: key === "over" ? undefined : line.quantity })]),
    );
    this.#rows.set(line.batch, { line, parts });
    const { over, ...rest } = parts;
    return el(
      "fieldset.line",
      {},
      el("legend", {}, el("b", {}, named(line)), ` ${line.number} · ${t("在途")} ${line.quantity} ${line.unit}`),
      ...Object.values(rest).map(({ box }) => box),
      el("details", {}, el("summary", {}, t("比单据上多?")), over.box),
    );
  }

  #counts() {
    return Object.fromEntries([...this.#rows].map(([batch, { parts }]) => [batch, Object.fromEntries(PARTS.map((key) => [key, parts[key].count()]))]));
  }

  /** What is in the village from now on, before the server knows: it may be given out at once. */
  #arrived() {
    const taken = {};
    for (const { line, parts } of this.#rows.values()) taken[line.item] = (taken[line.item] ?? 0) - parts.received.count();
    return taken;
  }

  /** What was sent, against what is counted. */
  #differ(form) {
    const sums = [...this.#rows.values()].map(({ line, parts }) => {
      const [received, damaged, returned, over] = PARTS.map((key) => parts[key].count());
      return { left: line.quantity - received - damaged - returned, odd: damaged + returned, over };
    });
    const differs = sums.some(({ left, odd, over }) => left !== 0 || odd > 0 || over > 0);
    form.querySelector("#why").hidden = !differs;
    return {
      differs,
      tooMany: sums.some(({ left }) => left < 0),
      mixed: sums.some(({ left, over }) => left > 0 && over > 0),
      missing: sums.reduce((sum, { left }) => sum + left, 0),
    };
  }

  async #seal(form, onSeal) {
    const { differs, tooMany, mixed, missing } = this.#differ(form);
    const wrong =
      (tooMany && t("完好、损坏、退回加起来比在途的多,请再数一遍;真的多了,填在“比单据上多”里。")) ||
      (mixed && t("单据上的还没有收齐,不能填多出。")) ||
      (differs && !this.#reason.value.trim() && t("数量有差异,请写明原因。")) ||
      this.hand.wrong();
    this.#say.hidden = !wrong;
    this.#say.textContent = wrong || "";
    if (wrong) return this.#say.scrollIntoView({ block: "center" });
    const goods = [...this.#rows.values()].map(({ line, parts }) => `${named(line)} ${parts.received.count()} ${line.unit}`).join(t("、"));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const counts = this.#counts();
    const hand = await this.hand.value();
    return onSeal(
      { id: crypto.randomUUID(), document: this.paper.id, load: this.paper.load, counts, reason: this.#reason.value.trim(), ...hand, taken_at: iso(Date.now()) },
      { to: "/api/receipts", place: this.paper.place, taken: this.#arrived(), again: `document/${this.paper.id}/${this.paper.load}`, goods, signer: hand.signer, missing },
    );
  }
}
