/**
 * Shelters and evacuation: what is counted at a door is counted once, however often it is sent.
 *
 * A form with `data-once` carries an id of its own making until the server has taken it: after a broken
 * line the same people are sent again under the same id. What was typed is kept on the device meanwhile.
 */

import { post } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import { go } from "./go.js";
import words from "./en.js";

use(words);

const key = (form) => `zaiqing.once:${form.dataset.api}:${form.id}`;

/** Give every form that has none its id, and what was typed before the page was lost. */
function prepare() {
  for (const form of /** @type {any} */ (document.querySelectorAll("form[data-once]"))) {
    if (form.elements.id.value) continue;
    form.elements.id.value = crypto.randomUUID();
    const kept = form.id && JSON.parse(localStorage.getItem(key(form)) ?? "null");
    if (!kept) continue;
    for (const [name, value] of Object.entries(kept)) if (form.elements[name]) form.elements[name].value = value;
    say(t("有一条登记还没有存上:请核对后再按一次。"));
  }
}

/** Keep what is being sent until it is taken. */
function keep(form) {
  if (!form.id) return;
  const values = Object.fromEntries([...form.elements].filter(({ name }) => name).map(({ name, value }) => [name, value]));
  localStorage.setItem(key(form), JSON.stringify(values));
}

function say(text) {
  const place = document.getElementById("kept");
  if (!place) return;
  place.hidden = !text;
  place.textContent = text;
}

async function reveal(button) {
  const [, path] = button.dataset.reveal.split(" ");
  button.disabled = true;
  try {
    const found = await post(path, {});
    const place = button.parentElement.querySelector("[data-role=revealed]") ?? button;
    place.textContent = found[button.dataset.key];
  } catch (error) {
    button.textContent = error.message;
  }
}

/** The capacity is never typed: say what the area gives. */
function sayCapacity(form) {
  const each = Number(form.elements.kind.selectedOptions[0].dataset.each);
  const holds = Math.floor(Number(form.elements.usable_area_m2.value) / each);
  form.querySelector("[data-role=capacity]").textContent = holds > 0 ? t("可容纳 {n} 人", { n: holds }) : "";
}

document.addEventListener("submit", (event) => {
  const form = /** @type {any} */ (event.target);
  if (form.matches("[data-once]")) keep(form);
  if (form.id === "by-hand") {
    const persons = Number(form.querySelector("#persons").value) || null;
    const chosen = [...form.querySelector("#villages").selectedOptions].map(({ value }) => [value, persons]);
    form.elements.villages.value = JSON.stringify(Object.fromEntries(chosen));
  }
}, true);

document.addEventListener("sent", (event) => {
  const form = /** @type {any} */ (event.target);
  const answer = /** @type {any} */ (event).detail;
  if (form.matches("[data-once]")) {
    localStorage.removeItem(key(form));
    form.elements.id.value = "";
    say(t("已登记,现在住 {n} 人。", { n: answer.occupancy }));
    // The form is emptied after this.
    setTimeout(prepare);
  }
  if (form.id === "by-zone" || form.id === "by-hand") go(`/evacuation/${answer.id}/`);
  if (form.id === "entry") go(`/shelters/${answer.shelter.id}/`);
});
document.addEventListener("click", (event) => {
  const button = /** @type {any} */ (event.target).closest("button[data-reveal]");
  if (button) reveal(button);
});
document.addEventListener("refreshed", prepare);

const entry = /** @type {any} */ (document.getElementById("entry"));
if (entry) {
  entry.addEventListener("input", () => sayCapacity(entry));
  entry.elements.area.addEventListener("change", () => {
    const { lon, lat } = entry.elements.area.selectedOptions[0].dataset;
    if (!entry.elements.lon.value) [entry.elements.lon.value, entry.elements.lat.value] = [lon, lat];
  });
  sayCapacity(entry);
}
prepare();
