/** Money forms: ids of their own making, what is chosen in figures, the bank's file out and its answer in. */

import { ask, Refusal } from "../shared/api.js";
import { by } from "../shared/dom.js";
import { download } from "../shared/download.js";
import { inEnglish, t } from "../shared/i18n.js";
import { go } from "./go.js";

/** A large answer is read in seconds; the network to the bureau may be slow. */
const PATIENCE_MS = 120_000;

for (const form of /** @type {any} */ (document.querySelectorAll("form[data-new-id]"))) form.elements.id.value ||= crypto.randomUUID();

document.addEventListener("sent", (event) => {
  const { quota, batch } = /** @type {any} */ (event).detail;
  // A field named "id" hides the property of the form.
  const id = /** @type {any} */ (event.target).getAttribute("id");
  if (id === "quota-new") go(`/funds/quotas/${quota.id}/`);
  if (id === "batch-new" || id === "again") go(`/funds/batches/${batch.id}/`);
});

/** What only a donor's money has is asked only then. */
function askDonor(form) {
  const isGift = form.elements.source.value === "donor";
  for (const each of form.querySelectorAll("[data-donor]")) each.hidden = !isGift;
  form.elements.giver.required = isGift;
}

/** So many households and yuan are chosen, and so much the chosen quotas have. */
function tell(form) {
  const sum = (name, what) =>
    [...form.querySelectorAll(`input[name=${name}]:checked`)].reduce((all, each) => all + Number(each.dataset[what]), 0);
  const [households, wanted, have] = [sum("villages", "households"), sum("villages", "fen"), sum("quotas", "fen")];
  const line = by("chosen");
  line.textContent = t("已选 {households} 户 {wanted} 元,所选指标有 {have} 元", { households, wanted: yuan(wanted), have: yuan(have) });
  line.classList.toggle("short", wanted > have);
}

/** Fen are whole numbers; they become yuan only to be read. */
const yuan = (fen) => (fen / 100).toLocaleString(inEnglish() ? "en" : "zh-CN", { minimumFractionDigits: 2 });

const made = document.getElementById("batch-new");
if (made) {
  made.addEventListener("change", () => tell(made));
  tell(made);
}
const entered = /** @type {any} */ (document.getElementById("quota-new"));
if (entered) {
  entered.elements.source.addEventListener("change", () => askDonor(entered));
  askDonor(entered);
}

for (const form of /** @type {any} */ (document.querySelectorAll("form[data-download]"))) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(form, async () => {
      await download(form.dataset.download, { kind: event.submitter?.value ?? "csv", why: form.elements.why.value });
      go();
    });
  });
}

for (const form of /** @type {any} */ (document.querySelectorAll("form[data-upload]"))) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(form, async () => {
      const [file] = form.elements.file.files;
      await ask("POST", form.dataset.upload, { body: file, type: "application/octet-stream", timeout_ms: PATIENCE_MS });
      go();
    });
  });
}

/** Do it with the buttons still; what is refused is told above, row by row below. */
async function attempt(form, act) {
  const [line, list] = [by("refused"), form.querySelector(".wrong-rows")];
  line.hidden = true;
  if (list) list.hidden = true;
  for (const each of form.querySelectorAll("button")) each.disabled = true;
  try {
    await act();
  } catch (error) {
    const told = error instanceof Refusal ? Object.entries(error.errors) : [];
    const rows = list ? told : [];
    line.textContent = [error.message, ...(list ? [] : told.map(([, sentence]) => sentence))].join(" ");
    line.hidden = false;
    list?.replaceChildren(...rows.map(([name, sentence]) => item(name, sentence)));
    if (list) list.hidden = !rows.length;
    line.scrollIntoView({ block: "center" });
  } finally {
    for (const each of form.querySelectorAll("button")) each.disabled = false;
  }
}

function item(name, sentence) {
  const [, row] = name.split(".");
  const li = document.createElement("li");
  li.textContent = row ? t("第 {row} 行", { row }) + " " + sentence : sentence;
  return li;
}
