/** Plans: pins edited in the table, what townships can take, and scenarios on the map. */

import { go } from "./go.js";
import { showMaps } from "./plan_map.js";

/** A pin is sent whole, in the units that are kept: money in fen. */
function fillPin(form, button) {
  const { village, item } = form.dataset;
  const own = form.elements.namedItem("pins");
  if (button && "unpin" in button.dataset) {
    own.disabled = true;
    button.dataset.body = JSON.stringify({ unpin: [`${village} ${item}`] });
    return;
  }
  own.disabled = false;
  const quantity = Number(form.querySelector("[data-quantity]").value) * (item === "money" ? 100 : 1);
  own.value = JSON.stringify([{ village, item, quantity, why: form.querySelector("[data-why]").value }]);
}

/** What townships can take, as the planner is told it: code → kilograms. */
function fillRooms(form) {
  const rooms = {};
  for (const row of form.querySelectorAll("[data-room]")) {
    const code = row.querySelector("[data-where]").value;
    const kg = row.querySelector("[data-kg]").value;
    if (code && kg) rooms[code] = Number(kg);
  }
  form.elements.namedItem("params.room_kg").value = JSON.stringify(rooms);
}

document.querySelector("[data-more-room]")?.addEventListener("click", () => {
  const rooms = document.querySelector("[data-rooms]");
  const row = /** @type {any} */ (rooms.firstElementChild.cloneNode(true));
  for (const field of row.querySelectorAll("select, input")) field.value = "";
  rooms.append(row);
});

document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {any} */ (event.target);
    if ("pin" in form.dataset) fillPin(form, /** @type {any} */ (event).submitter);
    if (form.id === "make") fillRooms(form);
  },
  true,
);

document.addEventListener("sent", (event) => {
  const form = /** @type {any} */ (event.target);
  const { id } = /** @type {any} */ (event).detail;
  if (id && (form.id === "make" || "pin" in form.dataset || "renew" in form.dataset)) go(`/plan/${id}/${form.id === "make" ? "" : "#changes"}`);
});

const look = document.querySelector("[data-look]");
if (look) showMaps(look);
