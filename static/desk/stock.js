/** Stock forms: every one carries an id of its own making, so that what is sent twice is one paper. */

import { go } from "./go.js";

/** Give every form that has none its id. */
function prepare() {
  for (const form of /** @type {any} */ (document.querySelectorAll("form[data-new-id]"))) form.elements.id.value ||= crypto.randomUUID();
}

/** An item of which nothing was entered is not sent, whatever else stands in its row. */
function leaveOutEmptyRows(form) {
  for (const row of form.querySelectorAll("tr[data-item]")) {
    const [number, ...rest] = row.querySelectorAll("input");
    for (const each of rest) each.disabled = number.value === "";
  }
}

/** Beginning from its area's own place, moved by hand if it stands elsewhere. */
function fillPosition(form) {
  const { lon, lat } = form.elements.area.selectedOptions[0].dataset;
  form.elements.lon.value = lon;
  form.elements.lat.value = lat;
}

document.addEventListener("submit", (event) => leaveOutEmptyRows(/** @type {any} */ (event.target)), true);
document.addEventListener("sent", (event) => {
  // A field named "id" hides the property of the form.
  const id = /** @type {any} */ (event.target).getAttribute("id");
  if (id === "in" || id === "order") go(`/stock/documents/${/** @type {any} */ (event).detail.document.id}/`);
});
document.addEventListener("input", ({ target }) => {
  const row = /** @type {any} */ (target).closest("tr[data-item]");
  if (row) for (const each of row.querySelectorAll("input")) each.disabled = false;
});
document.addEventListener("refreshed", prepare);

const place = /** @type {any} */ (document.getElementById("place-new"));
if (place) {
  place.elements.area.addEventListener("change", () => fillPosition(place));
  fillPosition(place);
}
prepare();
