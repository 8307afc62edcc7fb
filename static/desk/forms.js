/**
 * Forms that speak to the JSON API: `<form data-api="POST /api/…" data-then="reload">`.
 *
 * Each named control becomes a member of the body (a dotted name nests; `data-as="number|json|time"`
 * says what it is; an empty optional one is left out). What the server refuses is shown at the field it
 * names, in its words; what was typed stays. `data-then`: "reload", or an address to go to.
 * `data-choose` on a form or a part of it: one of its boxes has to be ticked, else it says so in these words.
 * A button may carry its own `data-api`, and `data-body` (JSON) for a form without fields.
 */

import { ask, Refusal } from "../shared/api.js";
import { go } from "./go.js";
import { refreshLive } from "./live.js";
import { notSaved } from "./refusal.js";

/** @param {Document | Element} root */
export function listenToForms(root) {
  root.addEventListener("submit", (event) => {
    const form = /** @type {any} */ (event.target);
    const api = /** @type {any} */ (event).submitter?.dataset.api ?? form.dataset.api;
    if (!api) return;
    event.preventDefault();
    send(form, api, /** @type {any} */ (event).submitter);
  });
}

async function send(form, api, button) {
  const [method, path] = api.split(" ");
  clear(form);
  const lacking = unchosen(form);
  if (lacking) return show(form, new Error(lacking));
  for (const each of form.querySelectorAll("button")) each.disabled = true;
  try {
    const body = { ...fields(form), ...JSON.parse(button?.dataset.body ?? "{}") };
    const answer = await ask(method, path, { body: JSON.stringify(body) });
    form.dispatchEvent(new CustomEvent("sent", { bubbles: true, detail: answer }));
    const then = button?.dataset.then ?? form.dataset.then ?? "reload";
    if (then === "live") form.reset(); // what was sent no longer keeps its region from the news
    await follow(then);
    showRefused(answer.outcomes ?? []);
  } catch (error) {
    show(form, error);
  } finally {
    for (const each of form.querySelectorAll("button")) each.disabled = false;
  }
}

/** What is to be ticked and is not, in the page's words. @param {HTMLFormElement} form */
function unchosen(form) {
  const parts = [form, ...form.querySelectorAll("[data-choose]")];
  return parts.find((part) => part.dataset.choose && !part.querySelector("input[type=checkbox]:checked:enabled"))?.dataset.choose;
}

async function follow(then) {
  if (then === "live") await refreshLive();
  else if (then === "reload") go();
  else if (then !== "stay") go(then);
}

/** The body of a form. @param {HTMLFormElement} form */
export function fields(form) {
  const body = {};
  for (const control of /** @type {any[]} */ ([...form.elements])) {
    if (!control.name || control.disabled || control.name === "csrfmiddlewaretoken") continue;
    if (control.type === "checkbox" && control.dataset.as !== "list") put(body, control.name, control.checked);
    else if ((control.type === "checkbox" || control.type === "radio") && !control.checked) continue;
    else if (control.dataset.as === "list") put(body, control.name, [...(at(body, control.name) ?? []), control.value]);
    else if (control.value !== "" || control.required) put(body, control.name, read(control));
  }
  return body;
}

function read(control) {
  if (control.dataset.as === "number") return Number(control.value);
  if (control.dataset.as === "json") return JSON.parse(control.value);
  // All clocks of the reporting system are Beijing's, wherever this browser stands.
  if (control.type === "datetime-local" && control.value) return `${control.value}${control.value.length === 16 ? ":00" : ""}+08:00`;
  return control.value;
}

const at = (body, name) => name.split(".").reduce((part, key) => part?.[key], body);

function put(body, name, value) {
  const keys = name.split(".");
  const last = keys.pop();
  const part = keys.reduce((inner, key) => (inner[key] ??= {}), body);
  part[last] = value;
}

function clear(form) {
  for (const told of form.querySelectorAll(".field-error")) told.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const line = document.getElementById("refused");
  if (line) line.hidden = true;
}

/** Of many decided together, tell those that were refused. @param {{problem?: {message: string, errors: Record<string, string>}}[]} outcomes */
function showRefused(outcomes) {
  const told = outcomes.flatMap(({ problem }) => (problem ? [[problem.message, ...Object.values(problem.errors)].join(" ")] : []));
  if (!told.length) return;
  const line = document.getElementById("refused");
  line.textContent = [...new Set(told)].join(" ");
  line.hidden = false;
}

/** Show a refusal at the fields it names; what has no field is told above. */
function show(form, error) {
  const left = [];
  const errors = error instanceof Refusal ? error.errors : {};
  for (const [name, sentence] of Object.entries(errors)) {
    const control = form.elements.namedItem(name) ?? form.elements.namedItem(name.split(".").pop());
    if (control?.nodeType) mark(control, sentence);
    else left.push(sentence);
  }
  const line = document.getElementById("refused");
  line.textContent = notSaved(error.message, ...left);
  line.hidden = false;
  (form.querySelector("[aria-invalid]") ?? line).scrollIntoView({ block: "center" });
}

function mark(control, sentence) {
  control.setAttribute("aria-invalid", "true");
  const told = document.createElement("p");
  told.className = "field-error";
  told.textContent = sentence;
  control.insertAdjacentElement("afterend", told);
}
