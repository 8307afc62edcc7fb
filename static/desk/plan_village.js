/** A village's share of one item in each plan shown, with the reasons, as a small table. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { number, signed } from "../map/format.js";

/** Money is kept in fen and told in yuan. */
const scaled = (many, item) => (item.key === "money" ? Math.trunc(many / 100) : many);
const told = (many, item) => number(scaled(many, item));
const percent = ({ need, given }) => (need ? `${((100 * given) / need).toFixed(1)}%` : "—");

/**
 * Write a village into its place under the maps.
 * @param {Element} place
 * @param {{name: string}[]} plans as shown, left to right
 * @param {({name: string, persons: number, shares: Record<string, any>} | null)[]} rows a village in each plan; null where it has none
 * @param {{key: string, name: string, unit: string}} item
 */
export function tellVillage(place, plans, rows, item) {
  const known = rows.find(Boolean);
  if (!known) return;
  const head = ["方案", "需求", "分配", "满足率", "来源", "为什么"].map((word) => el("th", { scope: "col" }, t(word)));
  const body = rows.map((row, at) => line(plans[at].name, row?.shares[item.key], item));
  const [first, second] = rows.map((row) => row?.shares[item.key]?.given ?? 0);
  const change = rows.length > 1 ? second - first : 0;
  const heading = el("h3", {}, `${known.name} · ${item.name}`, el("span", { class: "soft" }, ` ${t("{n} 人", { n: known.persons })}`));
  if (change) heading.append(el("span", { class: change < 0 ? "less" : "more" }, ` ${signed(scaled(change, item))} ${item.unit}`));
  place.replaceChildren(heading, el("div", { class: "sheet-scroll" }, el("table", { class: "sheet" }, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body))));
}

function line(name, share, item) {
  const title = el("th", { scope: "row" }, name);
  if (!share) return el("tr", {}, title, el("td", { colspan: "5", class: "soft" }, t("没有需求")));
  const from = share.from.filter(([place]) => place).map(([place, many]) => `${place} ${told(many, item)}`);
  return el("tr", {}, title,
    el("td", { class: "number" }, `${told(share.need, item)} ${item.unit}`),
    el("td", { class: "number" }, el("b", {}, told(share.given, item))),
    el("td", { class: "number" }, percent(share)),
    el("td", {}, from.join("、") || "—"),
    el("td", {}, share.why, share.pinned ? el("span", { class: "badge on" }, share.pinned) : ""));
}
