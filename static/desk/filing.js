/** Filing for a village: the caller's words fill the form, each figure beside its words; a person files it. */

import { ask, get, post, Refusal } from "../shared/api.js";
import { by, el } from "../shared/dom.js";
import { plainNumber } from "../shared/format.js";
import { inEnglish, named, t, use } from "../shared/i18n.js";
import { iso, local } from "../shared/time.js";
import words from "./en.js";
import { paintWords } from "./reading.js";
import { notSaved } from "./refusal.js";

use(words);
/** The form's numbers by group: up to and including the number. */
const GROUPS = [[11, t("人员")], [14, t("房屋")], [22, t("农林牧渔")], [35, t("基础设施和公共服务")], [36, t("经济损失")], [Infinity, t("断路断电断水断网、受困")]];

const form = by("filing");
const catalogue = await get("/api/catalogue");
const rows = new Map(catalogue.indicators.map((row) => [row.key, row]));
let previous = /** @type {any} */ (null);
let asked = 0;
/** Kept over a repeat, so that a report pressed twice is one report. */
let id = crypto.randomUUID();
let discovered = iso(Date.now());

fillChoices();
fillFigures();
by("called").value = local(Date.now());
by("occurred").value = local(Date.now());
by("read").addEventListener("click", readText);
for (const name of ["area", "event"]) by(name).addEventListener("change", learnPrevious);
by("why").addEventListener("change", () => { by("called").value = by("why").value === "phone" ? local(Date.now()) : ""; });
form.addEventListener("submit", (event) => { event.preventDefault(); file(); });
form.dataset.ready = "yes";

function fillChoices() {
  const kinds = catalogue.kinds.filter(({ key }) => key !== "zero");
  by("kind").replaceChildren(...kinds.map((row) => el("option", { value: row.key }, named(row))));
  const hazards = catalogue.hazards.map((row) => el("option", { value: row.key }, (row.parent ? "\u2003" : "") + named(row)));
  by("hazard").replaceChildren(el("option", { value: "" }, t("请选择")), ...hazards);
  setHazard(by("event").selectedOptions[0]?.dataset.hazard);
}

function setHazard(key) {
  if (key) by("hazard").value = key;
}

function fillFigures() {
  let from = 0;
  for (const [until, name] of GROUPS) {
    const own = catalogue.indicators.filter(({ number, group }) => {
      const place = group === "field" ? 99 : Number.parseInt(number, 10);
      return place > from && place <= until;
    });
    from = Number(until);
    const box = el("details", { open: own.some(({ main }) => main) && from <= 14 }, el("summary", {}, name), el("div.figure-grid", {}, ...own.map(figureLine)));
    by("figures").append(box);
  }
}

function figureLine(row) {
  const input = el("input", { id: `figure-${row.key}`, name: `figures.${row.key}`, inputmode: "decimal", autocomplete: "off" });
  const unit = row.accepts_mu
    ? el("select", { id: `unit-${row.key}`, "aria-label": t("单位") }, el("option", { value: "mu" }, t("亩")), el("option", { value: "" }, t("公顷")))
    : el("span.soft", {}, inEnglish() ? row.unit_en : row.unit);
  return el("div.figure-line", { "data-figure": row.key }, el("label", { for: `figure-${row.key}` }, named(row)), input, unit);
}

/** The code of the village chosen in the list, "" if what was typed is none. */
function areaCode() {
  const typed = by("area").value.trim();
  const options = [...by("places").options];
  const exact = options.filter((option) => option.value === typed || option.value.split(" · ")[0] === typed);
  return exact.length === 1 ? exact[0].dataset.code : "";
}

async function learnPrevious() {
  const [area, event] = [areaCode(), by("event").value];
  const mine = ++asked;
  const found = area && event ? (await get(`/api/reports/standing/${area}/${event}`).catch(() => null))?.report : null;
  if (mine !== asked) return;
  for (const [key, value] of Object.entries(previous?.figures ?? {})) if (by(`figure-${key}`).value === plain(value)) setFigure(key, "", "");
  previous = found ?? null;
  by("kind").value = previous ? "followup" : "first";
  by("before").textContent = previous ? t("已填上 {number} 的累计数,请改成现在的累计数。", { number: previous.number }) : "";
  for (const [key, value] of Object.entries(previous?.figures ?? {})) if (by(`figure-${key}`).value === "") setFigure(key, plain(value), "");
}

const plain = (value) => String(Number(value));

function setFigure(key, value, unit) {
  by(`figure-${key}`).value = value;
  if (rows.get(key).accepts_mu) by(`unit-${key}`).value = value === "" ? "mu" : unit;
  if (value !== "") by(`figure-${key}`).closest("details").open = true;
}

async function readText() {
  const said = by("read-said");
  const text = by("text").value;
  said.textContent = t("正在识别…");
  try {
    const draft = await post("/api/reports/draft", { text });
    await fill(draft, text);
    said.textContent = draft.figures.length ? t("识别出 {count} 项,请逐项核对。", { count: draft.figures.length }) : t("没有识别出灾情数字。");
  } catch (error) {
    said.textContent = [error.message, ...Object.values(error.errors ?? {})].join(" ");
  }
}

async function fill(draft, text) {
  if (draft.area?.code) {
    const option = [...by("places").options].find(({ dataset }) => dataset.code === draft.area.code);
    if (option) by("area").value = option.value;
  }
  await learnPrevious();
  if (draft.hazard) setHazard(draft.hazard.key);
  if (draft.occurred_at) by("occurred").value = local(draft.occurred_at.at);
  for (const line of form.querySelectorAll(".figure-line")) line.classList.remove("read", "doubt");
  for (const { key, entered, unit, sure } of draft.figures) {
    setFigure(key, plain(entered), unit);
    by(`figure-${key}`).closest(".figure-line").classList.add(sure ? "read" : "doubt");
  }
  const label = (key) => (rows.has(key) ? named(rows.get(key)) : { area: t("村(社区)或乡镇"), hazard: t("灾种"), occurred_at: t("发生时间") }[key]);
  paintWords(by("words"), by("unsure"), draft, text, label);
  by("words").hidden = by("legend").hidden = false;
}

function report() {
  const figures = {};
  const units = {};
  for (const { key, accepts_mu: accepts } of catalogue.indicators) {
    const typed = plainNumber(by(`figure-${key}`).value);
    if (typed === "") continue;
    figures[key] = Number.isNaN(Number(typed)) ? typed : Number(typed);
    if (accepts && by(`unit-${key}`).value === "mu") units[key] = "mu";
  }
  const notes = Object.fromEntries([...form.querySelectorAll("[data-note]")].map((input) => [input.dataset.note, input.value.trim()]).filter(([, note]) => note));
  const occurred_at = moment(by("occurred").value);
  const proxy = { why: by("why").value, caller: by("caller").value.trim(), called_at: by("called").value ? moment(by("called").value) : null };
  return {
    id, area: areaCode(), kind: by("kind").value, hazard: by("hazard").value, occurred_at, submitted_at: iso(Date.now()),
    discovered_at: Date.parse(discovered) > Date.parse(occurred_at) ? discovered : occurred_at,
    event: by("event").value || null, corrects: previous?.id ?? null, figures, units, text: by("text").value, notes, proxy,
  };
}

const moment = (text) => (text ? `${text}:00+08:00` : "");

async function file() {
  clear();
  const body = report();
  if (!body.area) return mark(by("area"), t("请从列表里选一个村(社区)或乡镇"));
  if (!body.hazard) return mark(by("hazard"), t("请选择灾种"));
  if (!body.occurred_at) return mark(by("occurred"), t("请填写发生时间"));
  const wrong = Object.entries(body.figures).find(([, value]) => typeof value !== "number");
  if (wrong) return mark(by(`figure-${wrong[0]}`), t("这不是数字"));
  by("file").disabled = true;
  try {
    const receipt = await ask("POST", "/api/reports", { body: JSON.stringify({ type: "report.submit", sent_at: iso(Date.now()), report: body }) });
    done(receipt);
  } catch (error) {
    refuse(error);
  } finally {
    by("file").disabled = false;
  }
}

function done(receipt) {
  form.reset();
  id = crypto.randomUUID();
  discovered = iso(Date.now());
  previous = null;
  for (const line of form.querySelectorAll(".figure-line")) line.classList.remove("read", "doubt");
  for (const name of ["words", "unsure", "legend"]) by(name).hidden = true;
  for (const note of form.querySelectorAll(".note")) note.remove();
  setHazard(by("event").selectedOptions[0]?.dataset.hazard);
  by("before").textContent = by("read-said").textContent = "";
  by("called").value = by("occurred").value = local(Date.now());
  by("filed").textContent = t("已上报,编号 {number}", { number: receipt.number });
}

function clear() {
  by("filed").textContent = "";
  by("refused").hidden = true;
  for (const told of form.querySelectorAll(".field-error")) told.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

function mark(control, sentence) {
  control.setAttribute("aria-invalid", "true");
  const details = control.closest("details");
  if (details) details.open = true;
  (control.closest(".figure-line") ?? control.parentElement).append(el("p.field-error", { role: "alert" }, sentence));
  control.scrollIntoView({ block: "center" });
}

/** Show a refusal at its fields; what may be confirmed can be answered by a note (400.3). */
function refuse(error) {
  const left = [];
  const errors = error instanceof Refusal ? error.errors : {};
  for (const [path, sentence] of Object.entries(errors)) {
    const key = path.replace(/^(figures|units)\./, "");
    const control = form.elements.namedItem(path) ?? (rows.has(key) ? by(`figure-${key}`) : null);
    if (control?.nodeType) mark(control, sentence);
    else left.push(sentence);
    if (error.confirm?.[path]) askNote(error.confirm[path], control);
  }
  by("refused").textContent = notSaved(error.message, ...left);
  by("refused").hidden = false;
  (form.querySelector("[aria-invalid]") ?? by("refused")).scrollIntoView({ block: "center" });
}

function askNote(check, control) {
  if (form.querySelector(`[data-note="${CSS.escape(check)}"]`)) return;
  const input = el("input", { type: "text", maxlength: 200, "data-note": check, placeholder: t("例如:已与村里核实") });
  const place = control?.closest(".figure-line, .field") ?? by("figures");
  place.append(el("label.note", {}, el("span.soft", {}, t("情况属实就写明原因:")), input));
}
