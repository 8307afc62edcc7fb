/** What is asked before something is printed: title, paper, form, and the mark; for the live map and for its past. */

import { el } from "../dom.js";
import { holds } from "../rights.js";
import { download } from "../../shared/download.js";

const ROLES = ["reviewer", "coordinator", "leader", "auditor"];

/** Whether somebody may print. @param {any} me */
export const mayPrint = (me) => holds(me, ROLES);

/** The window of a map, as it is printed. @param {any} map MapLibre's */
export function windowOf(map) {
  const bounds = map.getBounds();
  return { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
}

/**
 * Make the fields and the button.
 * @param {object} given
 * @param {(zh: string, params?: object) => string} given.t
 * @param {(error: any) => string} given.told
 * @param {string} given.hint what will be printed
 * @param {() => object} given.what the window, its layers, filters and moment at the time of the print
 * @returns {HTMLElement[]}
 */
export function printForm({ t, told, hint, what }) {
  const title = el("input", { name: "title", maxlength: 40, value: t("灾情形势图") });
  const size = el("select", { name: "size" }, el("option", { value: "A4" }, "A4"), el("option", { value: "A3" }, "A3"));
  const form = el("select", { name: "form" }, el("option", { value: "pdf" }, "PDF"), el("option", { value: "png" }, "PNG"));
  const secret = el("input", { type: "checkbox", name: "secret", checked: true });
  const said = el("p.soft", { role: "status" });
  const button = el("button.main", { type: "button", onclick: print }, t("生成图纸"));

  async function print() {
    button.disabled = true;
    said.className = "soft";
    said.textContent = t("正在生成…");
    try {
      const body = { ...what(), title: title.value, size: size.value, form: form.value, secret: secret.checked };
      said.textContent = `${t("已导出")} ${await download("/api/map/print", body)}`;
    } catch (error) {
      said.className = "wrong";
      said.textContent = told(error);
    }
    button.disabled = false;
  }
  return [el("label", {}, t("标题"), title), el("label", {}, t("纸张(横向)"), size), el("label", {}, t("格式"), form),
    el("label", {}, secret, " ", t("注明“内部资料 注意保密”")), el("p.row", {}, button), el("p.soft", {}, hint), said];
}
