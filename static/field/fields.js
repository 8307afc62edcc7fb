/** The parts of the form: a labelled field with its fault and note, a figure, the hazards in pictures. */

import { el, sign } from "../shared/dom.js";
import { inEnglish, named, t } from "../shared/i18n.js";
import { switchUnit } from "./draft.js";
import { read, shown } from "./exact.js";

/**
 * A field with room for what is wrong with it.
 * @param {string} path as in the server's errors @param {string} label @param {...any} content
 */
export function field(path, label, ...content) {
  const heading = label ? el("p.label", { id: `label-${path}` }, label) : null;
  return el("div.entry", { "data-field": path }, heading, ...content, el("div.fault", { role: "alert" }));
}

/**
 * Show faults at their fields; those of no field on the page are given back.
 * @param {HTMLElement} form @param {Record<string, {message: string, note: string}>} faults
 * @param {Record<string, string>} notes @param {() => void} onNote
 */
export function showFaults(form, faults, notes, onNote) {
  const asked = new Set();
  const left = new Map(Object.entries(faults));
  for (const entry of form.querySelectorAll("[data-field]")) {
    const path = /** @type {HTMLElement} */ (entry).dataset.field;
    const fault = faults[path] ?? faults[path.replace("figures.", "units.")];
    const slot = entry.querySelector(".fault");
    entry.classList.toggle("wrong", Boolean(fault));
    slot.replaceChildren(...(fault ? [el("p", {}, fault.message)] : []));
    if (fault?.note && !asked.has(fault.note)) slot.append(noteFor(fault.note, notes, onNote));
    asked.add(fault?.note);
    left.delete(path);
    left.delete(path.replace("figures.", "units."));
  }
  return [...left.values()];
}

function noteFor(check, notes, onNote) {
  const input = el("input", { type: "text", maxlength: 200, value: notes[check] ?? "", "data-note": check, placeholder: t("例如:已到现场核实") });
  input.addEventListener("input", () => {
    notes[check] = input.value;
    onNote();
  });
  return el("label.note", {}, el("span", {}, t("情况属实就写明原因:")), input);
}

/**
 * One figure: name, what counts, the input, its unit, what was reported last.
 * @param {any} row of the catalogue @param {import("./draft.js").Draft} draft @param {() => void} changed
 */
export function figure(row, draft, catalogue, changed) {
  const { key } = row;
  const last = draft.previous?.[key];
  const unit = el(row.accepts_mu ? "button.unit" : "span.unit", row.accepts_mu ? { type: "button", title: t("换单位") } : {});
  const same = el("span.soft");
  const change = el("span.change");
  const restore = el("button.row-button", { type: "button", hidden: true, "data-restore": key });
  const input = el("input", {
    type: "text", inputmode: row.type === "int" ? "numeric" : "decimal", autocomplete: "off", enterkeyhint: "next",
    id: `figure-${key}`, "aria-labelledby": `label-figures.${key}`, value: draft.figures[key] ?? "",
  });
  const say = () => {
    const mu = draft.units[key] === "mu";
    unit.textContent = mu ? t("亩") : inEnglish() ? row.unit_en : row.unit;
    if (row.accepts_mu) unit.append(el("small", {}, mu ? t("换公顷") : t("换亩")));
    const { cents } = read(draft.figures[key] ?? "", { type: row.type, mu, tooLarge: catalogue.too_large, muPerHectare: catalogue.mu_per_hectare });
    const before = last === undefined ? null : Math.round(last * 100);
    const moved = before === null || !Number.isFinite(cents) || (draft.figures[key] ?? "") === "" ? 0 : cents - before;
    change.textContent = moved ? `${moved > 0 ? "+" : "−"}${shown(Math.abs(moved))}` : "";
    change.dataset.falls = String(moved < 0 && row.cumulative);
    restore.hidden = before === null || (draft.figures[key] ?? "") !== "";
    restore.textContent = before === null ? "" : t("恢复上次的 {value}", { value: shown(before * (mu ? 15 : 1)) });
    same.textContent = mu && cents ? t("= {value} 公顷", { value: shown(cents) }) : "";
  };
  input.addEventListener("input", () => { draft.figures[key] = input.value; say(); changed(); });
  if (row.accepts_mu) {
    unit.addEventListener("click", () => {
      switchUnit(draft, key);
      input.value = draft.figures[key] ?? "";
      say();
      changed({ mu: draft.units[key] === "mu" });
    });
  }
  restore.addEventListener("click", () => {
    input.value = draft.figures[key] = shown(Math.round(last * 100) * (draft.units[key] === "mu" ? 15 : 1));
    say();
    changed();
  });
  say();
  const lit = draft.returned?.fields.includes(key) ? el("p.lit", { id: `lit-${key}` }, t("退回意见:{remark}", { remark: draft.returned.remark })) : null;
  if (lit) input.setAttribute("aria-describedby", lit.id);
  const lastWords = last === undefined ? null : el("span.soft", {}, t("上次 {value}", { value: shown(Math.round(last * 100)) }) + (row.accepts_mu ? t(" 公顷") : ""));
  const hint = inEnglish() ? row.hint_en : row.hint_zh;
  return field(`figures.${key}`, named(row), lit, el("div.figure", {}, input, unit), restore, el("p.under", {}, lastWords, change, same, hint ? el("span.soft", {}, hint) : null));
}

/**
 * The hazards in pictures; the chosen one folds the rest away and offers its kinds.
 * @param {any[]} hazards @param {import("./draft.js").Draft} draft @param {() => void} changed
 */
export function hazardPicker(hazards, draft, changed) {
  const box = el("div.hazards");
  let open = !draft.hazard;
  const choose = (key) => {
    draft.hazard = key;
    open = false;
    paint();
    changed();
    box.querySelector("button")?.focus({ preventScroll: true });
  };
  const tile = (row, on) => el("button.tile", { type: "button", "data-hazard": row.key, "aria-pressed": String(on), onclick: () => choose(row.key) },
    sign(`/static/field/signs.svg#${row.icon}`), el("span", {}, named(row)));
  function paint() {
    const main = draft.hazard.split(".")[0];
    const mains = hazards.filter(({ parent }) => !parent);
    if (open || !main) return box.replaceChildren(el("div.tiles", {}, ...mains.map((row) => tile(row, row.key === main))));
    const kinds = hazards.filter(({ parent }) => parent === main);
    const again = el("button.row-button", { type: "button", id: "other-hazard", onclick: () => { open = true; paint(); } }, t("换灾种"));
    const chip = (row) => el("button.chip", { type: "button", "data-hazard": row.key, "aria-pressed": String(draft.hazard === row.key),
      onclick: () => choose(draft.hazard === row.key ? main : row.key) }, named(row));
    return box.replaceChildren(
      el("div.chosen", {}, tile(mains.find(({ key }) => key === main), true), again),
      kinds.length ? el("div.chips", { role: "group", "aria-label": t("具体类型(可不选)") }, el("span.soft", {}, t("具体类型(可不选)")), ...kinds.map(chip)) : "");
  }
  paint();
  return box;
}
