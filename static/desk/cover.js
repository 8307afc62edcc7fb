/** What an approval of goods grants, held against the stock: on the page before it is confirmed. */

import { ask } from "../shared/api.js";
import { t } from "../shared/i18n.js";
import { fields } from "./forms.js";

/** The stock is asked for when nothing was typed for so long, in ms. */
const TYPED_MS = 300;

const batch = /** @type {any} */ (document.getElementById("batch"));
const place = document.getElementById("cover");
let told = ""; // the approval that the page tells the stock for
let timer = 0;

/** An approval that grants goods to somebody, as it is asked about; "" for anything else. */
function approval() {
  const { act, ids = [], where, goods = {}, yuan_a_person } = fields(batch);
  const grants = act === "approve" && (where || ids.length) && Object.values(goods).some((many) => many > 0);
  return grants ? JSON.stringify({ ids, where, goods, yuan_a_person }) : "";
}

/** Tell the stock for what is chosen and typed, once it has been for a moment. */
function follow() {
  clearTimeout(timer);
  timer = setTimeout(() => approval() !== told && tell(), TYPED_MS);
}

/** @returns {Promise<boolean>} whether something is short */
async function tell() {
  const body = approval();
  // Where no answer comes there is nothing to tell; what is wrong the approval itself will say.
  const answer = body ? await ask("POST", "/api/relief/act/cover", { body }).catch(() => null) : null;
  if (approval() !== body) return false;
  told = body;
  place.hidden = !answer?.items.length;
  if (place.hidden) return false;
  const short = answer.items.filter((one) => one.short);
  place.replaceChildren(table(answer), ...short.map(({ words }) => line("short", t("库存不够:{words}。", { words }))));
  if (short.length) place.append(line("soft", t("仍可核准,请按“办理”;也可减少数量,或先调入、采购。")));
  return short.length > 0;
}

function line(look, words) {
  const made = document.createElement("p");
  made.className = look;
  made.textContent = words;
  return made;
}

/** @param {{households: number, items: any[]}} answer */
function table({ households, items }) {
  const made = document.createElement("table");
  made.className = "folds";
  made.createCaption().textContent = t("将核准 {n} 户", { n: households });
  const heads = [t("物资"), t("本次核准"), t("此前核准未到户"), t("可用(现有和在途)"), t("够不够")];
  const head = made.createTHead().insertRow();
  for (const [at, words] of heads.entries()) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.className = at > 0 && at < 4 ? "number" : "";
    cell.textContent = words;
    head.append(cell);
  }
  const body = made.createTBody();
  for (const one of items) {
    const row = body.insertRow();
    const verdict = one.short ? t("缺 {n} {unit}", { n: one.short.toLocaleString("en"), unit: one.unit }) : t("够");
    const cells = [`${one.name}(${one.unit})`, one.now, one.before, one.available, verdict];
    for (const [at, value] of cells.entries()) {
      const cell = row.insertCell();
      cell.dataset.label = heads[at];
      cell.className = at > 0 && at < 4 ? "number" : at && one.short ? "short" : "";
      cell.textContent = typeof value === "number" ? value.toLocaleString("en") : value;
    }
  }
  return made;
}

/**
 * Keep an approval from being sent before its stock stands on the page: it goes on by itself where all is there,
 * and waits to be confirmed once more where something is short.
 * @param {SubmitEvent} event
 */
async function hold(event) {
  const body = approval();
  if (!body || body === told) return;
  event.preventDefault();
  event.stopPropagation();
  clearTimeout(timer);
  document.getElementById("refused").hidden = true;
  if (await tell()) place.scrollIntoView({ block: "nearest" });
  else if (approval() === body) batch.requestSubmit();
}

if (place) {
  batch.addEventListener("submit", hold, true);
  for (const each of ["input", "change"]) batch.addEventListener(each, follow);
  // What was told may be over: it was approved, or others did something.
  for (const each of ["sent", "refreshed"])
    document.addEventListener(each, () => {
      told = "-";
      follow();
    });
  follow();
}
