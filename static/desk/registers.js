/** A register's row: what was asked for with a reason is shown whole; a new row gets its page. */

import { go } from "./go.js";

document.addEventListener("sent", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const answer = /** @type {CustomEvent} */ (event).detail;
  if (form.id === "reveal") showWhole(form, answer);
  else if (form.id === "entry" && form.dataset.then === "stay") go(`${form.dataset.page}${answer.row.id}/`);
});

/** Put the private values in their places; they are gone with the page. */
function showWhole(form, whole) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-whole]"))) {
    place.textContent = whole[place.dataset.whole] || "—";
  }
  form.hidden = true;
}
