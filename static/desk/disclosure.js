/** Notices and complaints: forms with ids of their own making, photographs of posted notices, who complained. */

import { put, Refusal } from "../shared/api.js";
import { go } from "./go.js";
import { notSaved } from "./refusal.js";

/** Give every form that makes something its id, so that what is sent twice is made once. */
for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("form input[name=id]"))) {
  field.value ||= crypto.randomUUID();
}

document.addEventListener("sent", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const answer = /** @type {CustomEvent} */ (event).detail;
  if (form.id === "reveal") showWhole(form, answer);
  else if (form.id === "enter") showEntered(form, answer);
  else if (form.dataset.posts !== undefined) go(`/complaints/notices/${answer.notice.id}/`);
});

/** Put the complainant in their place; they are gone with the page. */
function showWhole(form, whole) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-whole]"))) {
    place.textContent = whole[place.dataset.whole] || "—";
  }
  form.hidden = true;
}

/** Number and code are told to the caller now; nobody can ask for the code later. */
function showEntered(form, { case: made, code }) {
  const box = document.getElementById("entered");
  box.querySelector("[data-role=number]").textContent = made.number;
  box.querySelector("[data-role=code]").textContent = code;
  /** @type {HTMLAnchorElement} */ (box.querySelector("[data-role=open]")).href = `/complaints/${made.id}/`;
  box.hidden = false;
  form.hidden = true;
}

const photo = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-photo]"));
photo?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = photo.querySelector("button");
  const refused = document.getElementById("refused");
  const { file, taken_on } = /** @type {any} */ (photo.elements);
  button.disabled = true;
  refused.hidden = true;
  try {
    const [chosen] = file.files;
    const day = taken_on.value ? `?taken_on=${taken_on.value}` : "";
    await put(photo.dataset.photo + day, chosen, chosen.type || "image/jpeg");
    go();
  } catch (error) {
    const more = error instanceof Refusal ? Object.values(error.errors) : [];
    refused.textContent = notSaved(error.message, ...more);
    refused.hidden = false;
    button.disabled = false;
  }
});
