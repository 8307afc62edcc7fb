/** What a zone is besides its outline; what is wrong is said under its field. */

import { el } from "../dom.js";
import { fromLocal, local } from "../../shared/time.js";

const LONGEST_TEXT = 200;

export class ZoneForm {
  element;
  #t;
  #editing;

  /**
   * @param {object} given
   * @param {{kinds: {key: string, name: string}[], levels: {key: string, name: string}[], longest_name: number}} given.choices
   * @param {boolean} given.editing  a zone that is there already: the reason is asked for
   * @param {Record<string, string>} given.values  by the fields' names, times as the inputs take them
   * @param {(zh: string) => string} given.t
   * @param {() => void} given.changed
   * @param {() => void} given.save
   * @param {() => void} given.cancel
   */
  constructor({ choices, editing, values, t, changed, save, cancel }) {
    this.#t = t;
    this.#editing = editing;
    const list = (name, entries) => el("select", { name }, el("option", { value: "" }, t("请选择")), ...entries.map((one) => el("option", { value: one.key }, one.name)));
    const text = editing ? ["reason", "修改原因"] : ["note", "说明"];
    this.element = el("form.zone-form", { novalidate: true, onchange: changed, oninput: changed, onsubmit: (event) => { event.preventDefault(); save(); } },
      this.#field("种类", list("kind", choices.kinds)), this.#field("等级", list("level", choices.levels)),
      this.#field("名称", el("input", { name: "name", maxlength: choices.longest_name, autocomplete: "off" })),
      this.#field("来源", el("input", { name: "source", maxlength: LONGEST_TEXT, placeholder: t("例如:巡查、会商、监测站;不填即您的姓名") })),
      this.#field("生效时间", el("input", { type: "datetime-local", name: "valid_from" }), "不填即现在"),
      this.#field("失效时间", el("input", { type: "datetime-local", name: "valid_to" }), "不填即未定,到解除为止"),
      this.#field(text[1], el("textarea", { name: text[0], rows: 2, maxlength: LONGEST_TEXT })),
      el("p.wrong", { role: "alert", "data-role": "refused", hidden: true }),
      el("p.row.ends", {}, el("button.main", { type: "submit" }, t("保存")), el("button", { type: "button", onclick: cancel }, t("放弃"))));
    for (const [name, value] of Object.entries(values)) if (this.#input(name)) this.#input(name).value = value ?? "";
  }

  /** As the inputs hold it. @returns {Record<string, string>} */
  get values() {
    return Object.fromEntries([...new FormData(this.element)]);
  }

  /** As the server takes it; null with the fields marked where something is missing. */
  read() {
    const { valid_from: from, valid_to: to, ...texts } = this.values;
    const t = this.#t;
    const missing = {
      ...(texts.kind ? {} : { kind: t("请选择种类。") }), ...(texts.level ? {} : { level: t("请选择等级。") }),
      ...(texts.name.trim() ? {} : { name: t("请填写名称。") }),
      ...(this.#editing && !texts.reason.trim() ? { reason: t("请写明修改原因。") } : {}),
    };
    this.refuse(missing);
    if (Object.keys(missing).length) return null;
    return { ...texts, valid_from: from ? fromLocal(from) : null, valid_to: to ? fromLocal(to) : null };
  }

  /** Say what is wrong under each field. @param {Record<string, string>} errors @param {string} [message] for what has no field */
  refuse(errors, message = "") {
    let first = null;
    for (const place of this.element.querySelectorAll("[data-error]")) {
      const said = errors[place.dataset.error] ?? "";
      place.textContent = said;
      place.hidden = !said;
      const input = this.#input(place.dataset.error);
      input.setAttribute("aria-invalid", String(Boolean(said)));
      if (said) first ??= input;
    }
    const rest = this.element.querySelector("[data-role=refused]");
    rest.textContent = message;
    rest.hidden = !message;
    first?.focus();
  }

  /** @param {boolean} busy */
  set busy(busy) {
    this.element.querySelector("button.main").disabled = busy;
  }

  #input(name) {
    return this.element.querySelector(`[name=${name}]`);
  }

  #field(zh, input, hint = "") {
    const error = el("span.wrong", { "data-error": input.name, id: `zone-${input.name}-error`, role: "alert", hidden: true });
    input.setAttribute("aria-describedby", error.id);
    return el("label", {}, el("span", {}, this.#t(zh), hint && el("span.soft", {}, ` ${this.#t(hint)}`)), input, error);
  }
}

/** A zone's attributes as the form's inputs take them. @param {any} zone */
export const valuesOf = ({ name, kind, level, source, valid_from: from, valid_to: to }) =>
  ({ name, kind, level, source: source ?? "", valid_from: from ? local(from) : "", valid_to: to ? local(to) : "" });
