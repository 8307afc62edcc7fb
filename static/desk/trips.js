/** Dispatch forms: what is sent twice is done once; a draft's plans are shown beside the transfers. */

import { go } from "./go.js";

/** Give every form that has none its id. */
function prepare() {
  for (const form of /** @type {any} */ (document.querySelectorAll("form[data-new-id]"))) form.elements.id.value ||= crypto.randomUUID();
}

document.addEventListener("sent", (event) => {
  const { detail, target } = /** @type {any} */ (event);
  if (target.id === "plan") go(`/trips/?plan=${detail.draft.id}#draft`);
});

document.addEventListener("change", (event) => {
  const box = /** @type {any} */ (event.target);
  if (!box.dataset?.all) return;
  for (const each of document.querySelectorAll(`input[name=${box.dataset.all}]`)) /** @type {any} */ (each).checked = box.checked;
});

document.addEventListener("refreshed", prepare);
prepare();
