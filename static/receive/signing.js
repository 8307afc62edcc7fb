/** Signing for one transfer: count, say what differs, write one's name, seal. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { iso } from "../shared/time.js";
import { base64, locate, shrink } from "./evidence.js";
import { Pad } from "./pad.js";
import { named } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} id */
export async function signing(box, app, id) {
  const paper = app.work().coming.find((one) => one.id === id);
  if (!paper) {
    box.append(back(app), el("p.message", {}, t("这张单据不在待签收之列:可能已经签收,或不归您签收。")));
    return null;
  }
  const place = locate();
  const form = new Form(paper, app);
  box.append(back(app), el("h2", {}, `${paper.source} → ${paper.target}`), el("p.soft", {}, `${paper.number} · ${t("发出人")} ${paper.sent_by}`));
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

const back = (app) => el("p", {}, el("button.button.quiet", { type: "button", onclick: () => app.go("") }, `← ${t("返回")}`));

class Form {
  #pad = new Pad();
  #photo = "";
  #rows = new Map();
  #reason = el("textarea", { name: "reason", maxlength: 200, rows: 2 });
  #signer = el("input", { name: "signer", maxlength: 40, autocomplete: "off" });
  #say = el("p.message.bad", { hidden: true, role: "alert" });

  constructor(paper, app) {
    this.paper = paper;
    this.#signer.value = app.work().person.name;
  }

  element(onSeal) {
    const picked = el("span.soft", { role: "status" });
    const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", capture: "environment", onchange: () => this.#take(file.files[0], picked) });
    const form = el(
      "form",
      { id: "sign", novalidate: true },
      ...this.paper.lines.map((line) => this.#row(line)),
      el("label.field", { id: "why", hidden: true }, t("差异说明(损坏、退回、短少须写)"), this.#reason),
      el("label.field", {}, t("签收人"), this.#signer),
      el("div.field", {}, t("签名(用手指写)"), this.#pad.element, el("button.button.quiet.small", { type: "button", onclick: () => this.#pad.clear() }, t("重写"))),
      el("label.field", {}, t("照片(可不拍)"), file, picked),
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
    const parts = Object.fromEntries(
      [["received", t("完好"), line.quantity], ["damaged", t("损坏"), 0], ["returned", t("退回"), 0]].map(([key, words, value]) => [key, this.#stepper(line, key, words, value)]),
    );
    this.#rows.set(line.batch, { line, parts });
    return el("fieldset.line", {}, el("legend", {}, el("b", {}, named(line)), ` ${line.number} · ${t("在途")} ${line.quantity} ${line.unit}`), ...Object.values(parts).map(({ box }) => box));
  }

  #stepper(line, key, words, value) {
    const input = el("input", { type: "number", inputmode: "numeric", min: 0, max: line.quantity, name: `${key}.${line.batch}`, "aria-label": `${named(line)} ${words}`, value });
    const step = (by) => () => {
      input.value = String(Math.max(0, Number(input.value) + by));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const button = (sign, by) => el("button.step", { type: "button", "aria-label": `${named(line)} ${words} ${sign}1`, onclick: step(by) }, sign);
    return { input, box: el("div.stepper", {}, el("span", {}, words), button("−", -1), input, button("+", 1)) };
  }

  #counts() {
    return Object.fromEntries([...this.#rows].map(([batch, { parts }]) => [batch, Object.fromEntries(Object.entries(parts).map(([key, { input }]) => [key, Math.trunc(Number(input.value)) || 0]))]));
  }

  /** What was sent, against what is counted. */
  #differ(form) {
    const sums = [...this.#rows.values()].map(({ line, parts }) => {
      const [received, damaged, returned] = ["received", "damaged", "returned"].map((key) => Number(parts[key].input.value) || 0);
      return { left: line.quantity - received - damaged - returned, odd: damaged + returned };
    });
    const differs = sums.some(({ left, odd }) => left !== 0 || odd > 0);
    form.querySelector("#why").hidden = !differs;
    return { differs, over: sums.some(({ left }) => left < 0), missing: sums.reduce((sum, { left }) => sum + left, 0) };
  }

  async #take(file, picked) {
    this.#photo = "";
    picked.textContent = "";
    if (!file) return;
    try {
      this.#photo = base64(await shrink(file));
      picked.textContent = t("已拍");
    } catch {
      picked.textContent = t("这张照片打不开,请重拍");
    }
  }

  async #seal(form, onSeal) {
    const { differs, over, missing } = this.#differ(form);
    const wrong =
      (over && t("完好、损坏、退回加起来比在途的多,请再数一遍。")) ||
      (differs && !this.#reason.value.trim() && t("数量有差异,请写明原因。")) ||
      (!this.#signer.value.trim() && t("请写签收人姓名。")) ||
      (this.#pad.isEmpty() && t("请在框里签名。"));
    this.#say.hidden = !wrong;
    this.#say.textContent = wrong || "";
    if (wrong) return this.#say.scrollIntoView({ block: "center" });
    const goods = [...this.#rows.values()].map(({ line, parts }) => `${named(line)} ${parts.received.input.value} ${line.unit}`).join(t("、"));
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    const counts = this.#counts();
    return onSeal(
      { id: crypto.randomUUID(), document: this.paper.id, counts, signer: this.#signer.value.trim(), reason: this.#reason.value.trim(), signature: await this.#pad.png(), photo: this.#photo, taken_at: iso(Date.now()) },
      { goods, signer: this.#signer.value.trim(), missing },
    );
  }
}
