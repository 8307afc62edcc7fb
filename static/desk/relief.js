/** Relief: one act on many households at once, a household's file, workbooks in and out. */

import { ask, Refusal } from "../shared/api.js";
import { download } from "../shared/download.js";
import { t } from "../shared/i18n.js";
import { go } from "./go.js";
import { refreshLive } from "./live.js";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const form = (id) => /** @type {any} */ (document.getElementById(id));
const batch = form("batch");

/** Give every form that has none its ids: what is sent twice is one household, one application. */
function prepare() {
  for (const each of /** @type {any} */ (document.querySelectorAll("form[data-new-id]"))) {
    for (const name of (each.dataset.newId || "id").split(" ")) each.elements[name].value ||= crypto.randomUUID();
  }
}

/** Show only what the chosen act asks for, and how many are chosen. */
function follow() {
  const act = batch.elements.act;
  if (!act) return;
  const option = act.selectedOptions[0];
  for (const field of batch.querySelectorAll("[data-for]")) {
    const is_asked = field.dataset.for === "why" || field.dataset.for === act.value;
    field.hidden = !is_asked;
    for (const control of field.querySelectorAll("input")) control.disabled = !is_asked;
  }
  batch.elements.why.required = "why" in (option?.dataset ?? {});
  const everyone = form("everyone");
  const boxes = [...batch.querySelectorAll("[name=ids]")];
  for (const box of boxes) box.disabled = everyone.checked;
  batch.elements.where.disabled = !everyone.checked;
  batch.elements.where.value = form("where").textContent;
  form("chosen").value = everyone.checked ? t("全部") : String(boxes.filter((box) => box.checked).length);
  const button = batch.querySelector("button[type=submit]");
  button.classList.toggle("grave", "grave" in (option?.dataset ?? {}));
}

/** Tell what became of each, the refused by number; then show the list anew. @param {any} answer */
async function told(answer) {
  const place = form("answers");
  place.replaceChildren();
  const refused = answer.answers.filter(({ problem }) => problem);
  place.append(t("已办理 {done} 户,未办理 {refused} 户。", { done: answer.done, refused: answer.refused }));
  const list = document.createElement("ul");
  for (const { problem } of refused.slice(0, 50)) {
    const line = document.createElement("li");
    line.textContent = [problem.message, ...Object.values(problem.errors)].join(" ");
    list.append(line);
  }
  if (refused.length) place.append(list);
  const short = (answer.cover ?? []).filter(({ words }) => words);
  for (const { words } of short) place.append(document.createElement("br"), t("库存不够:{words}。", { words }));
  place.classList.toggle("bad", refused.length + short.length > 0);
  place.hidden = false;
  for (const box of batch.querySelectorAll("input[type=checkbox]")) box.checked = box.defaultChecked;
  follow();
  await refreshLive();
  place.scrollIntoView({ block: "nearest" });
}

/** One household's act: done, the page shows it; refused, it says why. @param {any} answer */
function toldOne({ answers: [one] }) {
  if (!one.problem) go();
  else say(one.problem);
}

function say(problem) {
  const line = form("refused");
  line.textContent = [problem.message, ...Object.values(problem.errors ?? {})].join(" ");
  line.hidden = false;
  line.scrollIntoView({ block: "center" });
}

/** Put the private values in their places; they are gone with the page. */
function showWhole(whole) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-whole]"))) place.textContent = whole[place.dataset.whole] || "—";
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-person]"))) place.textContent = whole.people[place.dataset.person] || "—";
}

async function takeIn(sent) {
  const errors = form("cell-errors");
  errors.replaceChildren();
  errors.hidden = true;
  try {
    const answer = await ask("POST", sent.dataset.import, { body: sent.elements.file.files[0], type: XLSX, timeout_ms: 120_000 });
    const place = form("answers");
    place.textContent = answer.members
      ? t("已导入 {n} 户,在册家庭登记或修改成员 {m} 人。", { n: answer.entered, m: answer.members }) : t("已导入 {n} 户。", { n: answer.entered });
    place.classList.remove("bad");
    place.hidden = false;
    sent.reset();
    await refreshLive();
    place.scrollIntoView({ block: "nearest" });
  } catch (error) {
    const cells = error instanceof Refusal ? Object.entries(error.errors) : [];
    if (!cells.length) return say(error);
    for (const [cell, sentence] of cells.slice(0, 200)) {
      const line = document.createElement("li");
      line.textContent = cell === "file" ? sentence : `${cell} ${sentence}`;
      errors.append(line);
    }
    errors.hidden = false;
  }
}

document.addEventListener("sent", (event) => {
  const sent = /** @type {any} */ (event.target);
  const answer = /** @type {CustomEvent} */ (event).detail;
  const id = sent.getAttribute("id"); // a control named "id" hides the form's own
  if (id === "batch") told(answer);
  else if (id === "reveal") showWhole(answer), (sent.hidden = true);
  else if (id === "entry") go(`/relief/households/${answer.household}/`);
  else if (id === "programme-new") go(`/relief/${answer.programme.id}/`);
  else if ("act" in sent.dataset) toldOne(answer);
});
document.addEventListener("submit", async (event) => {
  const sent = /** @type {any} */ (event.target);
  if (!sent.dataset.import && !sent.dataset.download) return;
  event.preventDefault();
  if (sent.dataset.import) await takeIn(sent);
  else await download(sent.dataset.download, { why: sent.elements.why.value }).then(() => sent.reset(), say);
});
document.addEventListener("change", ({ target }) => {
  if (!batch?.contains(/** @type {any} */ (target))) return;
  const control = /** @type {any} */ (target);
  if (control.id === "all") for (const box of batch.querySelectorAll("[name=ids]")) box.checked = control.checked;
  follow();
});
document.addEventListener("refreshed", () => {
  if (batch) follow();
});
prepare();
if (batch) follow();
