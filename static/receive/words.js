/** Words and small parts that several screens share. */

import { el } from "../shared/dom.js";
import { inEnglish, t } from "../shared/i18n.js";

/** Names of goods in the reader's language. @param {{name: string, name_en: string}} line */
export const named = (line) => (inEnglish() ? line.name_en : line.name);

/** @param {any} app @param {string} [to]  address of the screen to go back to */
export const back = (app, to = "") => el("p", {}, el("button.button.quiet", { type: "button", onclick: () => app.go(to) }, `← ${t("返回")}`));

/** So many of each item, in words. @param {any} items  key → names and unit @param {Record<string, number>} goods */
export const goodsInWords = (items, goods) =>
  Object.entries(goods)
    .filter(([, quantity]) => quantity)
    .map(([key, quantity]) => `${items[key] ? named(items[key]) : key} ${quantity} ${items[key]?.unit ?? ""}`.trim())
    .join(t("、"));

/** Which lorry load of a paper this is, "" of one that comes in one. @param {{load: number, of?: number}} paper */
export const loadOf = ({ load, of = 1 }) => (load > 1 || of > 1 ? ` · ${t("第 {load} 车", { load })}` : "");
