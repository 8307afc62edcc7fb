/** The roll-up page: villages unfold, a filled form goes up, the text is copied. */

import { ask, Refusal } from "../shared/api.js";
import { t } from "../shared/i18n.js";

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (button?.dataset.unfold) unfold(button);
  else if (button?.dataset.copy) copy(button);
});
document.getElementById("import")?.addEventListener("submit", (event) => {
  event.preventDefault();
  upload(/** @type {HTMLFormElement} */ (event.target));
});

function unfold(button) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  for (const row of document.querySelectorAll(`tr[data-township="${button.dataset.unfold}"]`)) row.classList.toggle("unfolded", open);
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = t("已复制");
  } catch {
    // Without https there is no clipboard: leave the text selected for the keys.
    getSelection()?.selectAllChildren(/** @type {any} */ (document.getElementById(button.dataset.copy)));
    button.textContent = t("已选中,请按 Ctrl+C");
  }
}

/** @param {HTMLFormElement} form */
async function upload(form) {
  const file = /** @type {any} */ (form.elements.namedItem("file")).files[0];
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const done = /** @type {HTMLElement} */ (document.getElementById("imported"));
  const list = /** @type {HTMLElement} */ (document.getElementById("import-errors"));
  button.disabled = true;
  done.hidden = list.hidden = true;
  try {
    const answer = await ask("POST", "/api/forms/import", { body: file, type: "application/octet-stream", timeout_ms: 120_000 });
    done.textContent = outcome(answer);
    done.hidden = false;
    form.reset();
  } catch (error) {
    show(list, error);
  } finally {
    button.disabled = false;
  }
}

/** Say what became of the workbook. */
function outcome({ form, numbers, entered, changed, unchanged }) {
  if (form === "registers") return t("台账:新登记 {n} 行,修改 {c} 行,{m} 行没有变化。", { n: entered, c: changed, m: unchanged });
  if (form === "fast") return t("快报表与系统一致({m} 行)。", { m: unchanged });
  return t("已报 {n} 份续报,{m} 行没有变化。重新查看即可看到。", { n: numbers.length, m: unchanged });
}

/** List what is wrong, each under its cell. */
function show(list, error) {
  const lines = [t("没有导入:") + error.message];
  const errors = error instanceof Refusal ? error.errors : {};
  for (const [cell, sentence] of Object.entries(errors)) lines.push(cell.startsWith("file") ? sentence : `${cell}: ${sentence}`);
  list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  list.hidden = false;
}
