/** Whose hand is under it: the name, for whom, the handwriting or the name alone, a photo where one was taken. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { base64, shrink } from "./evidence.js";
import { Pad } from "./pad.js";

/** Kinds of relation, as the server knows them (receipts.models.Receipt.Relation). */
const RELATIONS = () => ({ self: t("本人"), spouse: t("配偶"), child: t("子女"), parent: t("父母"), relative: t("其他亲属"), neighbour: t("邻居"), cadre: t("村干部") });

export class Hand {
  #pad = new Pad();
  #photo = "";
  #signer;
  #relation = null;
  #byName = null;
  #name;

  /** @param {{name: string, forHousehold?: boolean}} given  who signs if nobody else is named */
  constructor({ name, forHousehold = false }) {
    this.#name = name;
    this.#signer = el("input", { name: "signer", maxlength: 40, autocomplete: "off", value: name });
    if (!forHousehold) return;
    this.#relation = el("select", { name: "relation", onchange: () => this.#another() }, ...Object.entries(RELATIONS()).map(([value, words]) => el("option", { value }, words)));
    this.#byName = el("input", { type: "checkbox", name: "by_name", onchange: () => this.#showPad() });
  }

  /** @returns {HTMLElement[]} the fields, in the order they are filled in */
  fields() {
    this.pad = el("div.field", {}, t("签名(用手指写)"), this.#pad.element, el("button.button.quiet.small", { type: "button", onclick: () => this.#pad.clear() }, t("重写")));
    const picked = el("span.soft", { role: "status" });
    const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", capture: "environment", onchange: () => this.#take(file.files[0], picked) });
    this.noPad = this.#byName && el("label.check", {}, this.#byName, t("不会写字:本人看过屏幕上的姓名,点头确认"));
    return [
      this.#relation && el("label.field", {}, t("谁来领"), this.#relation),
      el("label.field", {}, t("签收人"), this.#signer),
      this.pad,
      this.noPad,
      el("label.field", {}, t("照片(可不拍)"), file, picked),
    ].filter(Boolean);
  }

  /** @returns {string} what is still wanting, in words; "" if nothing */
  wrong() {
    if (!this.#signer.value.trim()) return t("请写签收人姓名。");
    if (this.#isProxy() && this.#signer.value.trim() === this.#name) return t("代领请写代领人自己的姓名。");
    return this.#pad.isEmpty() && !this.#byName?.checked ? t("请在框里签名。") : "";
  }

  /** @returns {Promise<{signer: string, relation: string, signature: string, photo: string}>} */
  async value() {
    const signature = this.#byName?.checked ? "" : await this.#pad.png();
    return { signer: this.#signer.value.trim(), relation: this.#relation?.value ?? "self", signature, photo: this.#photo };
  }

  #isProxy() {
    return Boolean(this.#relation) && this.#relation.value !== "self";
  }

  /** Somebody else signs by their own name, and by hand. */
  #another() {
    this.#signer.value = this.#isProxy() ? "" : this.#name;
    this.#byName.checked = false;
    this.noPad.hidden = this.#isProxy();
    this.#showPad();
    if (this.#isProxy()) this.#signer.focus();
  }

  #showPad() {
    this.pad.hidden = this.#byName.checked;
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
}
