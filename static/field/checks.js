/**
 * The statutory checks as the server's catalogue publishes them (GET /api/catalogue), evaluated on
 * the phone: same rows, same order, same verdicts as disaster/reports/checks. Figures here are in
 * hundredths (figures.js). Pure.
 */

import { canonical, centsOf, plain } from "./figures.js";

/**
 * @typedef {object} Context
 * @property {Record<string, number>} figures  hundredths
 * @property {Record<string, number> | null} previous  hundredths, of the version this one follows
 * @property {string} kind
 * @property {number | null} [population]  people of the village
 * @property {number | null} [township_population]
 * @property {number | null} [arable_ha]
 * @property {boolean} [has_photo] @property {boolean} [has_fix]
 * @property {boolean} [position_outside_township]
 * @property {string} [hazard] @property {string | null} [occurred_at]
 */

/**
 * Judge a report as the server will: unreadable figures first, then hard relations, then doubts.
 * @param {any} catalogue
 * @param {{figures: Record<string, string | number>, units?: Record<string, "mu">, notes?: Record<string, string>}} given
 * @param {any} context  as Context, but figures; `previous` in plain numbers
 * @returns {Record<string, import("./figures.js").Told>} by field path
 */
export function judge(catalogue, { figures: raw, units = {}, notes = {} }, context) {
  const { figures, errors } = canonical(raw, units, catalogue);
  if (Object.keys(errors).length) return errors;
  const previous = context.previous && inCents(context.previous);
  const hard = { ...figuresErrors(catalogue, figures), ...zeroErrors(catalogue, figures, { ...context, previous }) };
  if (Object.keys(hard).length) return hard;
  return softErrors(catalogue, { kind: "first", ...context, figures, previous }, notes);
}

/** @param {Record<string, string | number>} figures */
function inCents(figures) {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, centsOf(value)]));
}

function told(check, left = "", right = "", names = {}) {
  const values = { left_value: left, right_value: right, ...names };
  return { zh: check.zh, en: check.en, check: check.key, values, soft: check.severity === "soft" };
}

/** Hold figures against the hard relations; at one field the first broken row is told. */
export function figuresErrors({ checks }, figures) {
  const errors = {};
  const hard = checks.filter((check) => check.severity === "hard" && check.op !== "unchanged");
  const pair = (check) => check.op === "ge" && check.right.length === 1;
  const pairs = hard.filter(pair);
  const others = hard.filter((check) => !pair(check));
  for (const [key, value] of Object.entries(figures)) {
    for (const check of value ? pairs : []) {
      const whole = figures[check.left];
      if (check.right[0] === key && value > whole) errors[check.anchor] ??= told(check, plain(whole), plain(value));
    }
  }
  const wakes = (check, key) => (check.op === "implies" ? check.left === key : check.right.includes(key));
  for (const check of new Set(Object.keys(figures).flatMap((key) => others.filter((row) => wakes(row, key))))) {
    const found = broken(check, figures);
    if (found) errors[check.anchor] ??= found;
  }
  return errors;
}

function broken(check, figures) {
  const left = figures[check.left];
  const right = check.right.filter((key) => key in figures).map((key) => figures[key]);
  const total = right.reduce((sum, value) => sum + value, 0);
  const tolerance = Math.round(check.tolerance * 100);
  let fails = false;
  if (left === undefined) fails = check.op === "needs" && total > 0;
  else if (check.op === "sum") fails = right.length === check.right.length && Math.abs(left - total) > tolerance;
  else if (check.op === "implies") fails = right.length > 0 && left > 0 && !total;
  else if (check.op === "ge") fails = right.length >= check.least && total > left + tolerance;
  return fails && told(check, left === undefined ? "" : plain(left), plain(total));
}

/** A 零报告 says that nothing changed: name the figures that did. */
export function zeroErrors(catalogue, figures, { kind, previous }) {
  const check = catalogue.checks.find(({ op }) => op === "unchanged");
  if (kind !== "zero" || !Object.keys(figures).length) return {};
  const before = previous ?? {};
  const keys = [...new Set([...Object.keys(figures), ...Object.keys(before)])];
  const changed = keys.filter((key) => (figures[key] ?? 0) !== (before[key] ?? 0));
  return Object.fromEntries(
    changed.map((key) => [`figures.${key}`, toldOf(catalogue, check, key, figures[key] ?? 0, before[key] ?? 0)]),
  );
}

function toldOf({ indicators }, check, key, left, right) {
  const { zh, en, unit, unit_en } = indicators.find((row) => row.key === key);
  return told(check, plain(left), plain(right), { zh, en, unit, unit_en });
}

/** What wants a second look, but for what a note settles. @param {any} catalogue @param {Context} context */
export function softErrors(catalogue, context, notes) {
  const errors = {};
  for (const check of catalogue.checks) {
    if (check.severity !== "soft") continue;
    if (context.kind === "zero" ? check.op !== "place" : check.kinds.length && !check.kinds.includes(context.kind)) continue;
    if (check.left && !(check.left in context.figures)) continue;
    if ((notes[check.key] ?? "").trim()) continue;
    for (const [anchor, error] of FINDERS[check.op]?.(check, context, catalogue) ?? []) errors[anchor] ??= error;
  }
  return errors;
}

/** A doubt about figures unchanged since the previous version was answered then. */
function settled({ previous, kind, figures }, ...keys) {
  return previous !== null && kind !== "verified" && keys.every((key) => previous[key] === figures[key]);
}

const FINDERS = {
  *falls(check, { previous, figures }, catalogue) {
    for (const [key, before] of Object.entries(previous ?? {})) {
      const cumulative = catalogue.indicators.find((row) => row.key === key)?.cumulative;
      if (key in figures && figures[key] < before && cumulative) yield [`figures.${key}`, toldOf(catalogue, check, key, figures[key], before)];
    }
  },
  *omits(check, { previous, figures }, catalogue) {
    for (const [key, before] of Object.entries(previous ?? {})) {
      const cumulative = catalogue.indicators.find((row) => row.key === key)?.cumulative;
      if (before > 0 && !(key in figures) && cumulative) yield [`figures.${key}`, toldOf(catalogue, check, key, 0, before)];
    }
  },
  *within(check, context) {
    const limit = context[check.right[0]];
    const value = context.figures[check.left];
    if (limit && value > check.factor * limit * 100 && !settled(context, check.left)) yield [check.anchor, told(check, plain(value), plain(centsOf(limit)))];
  },
  *ratio(check, context) {
    const [above, below] = [context.figures[check.left], context.figures[check.right[0]]];
    if (!above || !below || settled(context, check.left, check.right[0])) return;
    const off = (bound) => above * 100 - Math.round(bound * 100) * below;
    if ((check.low !== null && off(check.low) < 0) || (check.high !== null && off(check.high) > 0)) yield [check.anchor, told(check, plain(above), plain(below))];
  },
  *alone(check, context) {
    const value = context.figures[check.left];
    if (value && !(check.right[0] in context.figures) && !settled(context, check.left, check.right[0])) yield [check.anchor, told(check, plain(value))];
  },
  *ge(check, context) {
    const [whole, part] = [context.figures[check.left], context.figures[check.right[0]]];
    if (part > whole && !settled(context, check.left, check.right[0])) yield [check.anchor, told(check, plain(whole), plain(part))];
  },
  *evidence(check, { figures, has_fix: fix, has_photo: photo }) {
    const people = check.right.reduce((sum, key) => sum + (figures[key] ?? 0), 0);
    if (!fix && !photo && people) yield [check.anchor, told(check, "", plain(people))];
  },
  *place(check, { position_outside_township: outside }) {
    if (outside) yield [check.anchor, told(check)];
  },
  *season(check, { hazard, occurred_at: at }, { hazards }) {
    const main = (hazard ?? "").split(".")[0];
    if (!at || !check.months[main]) return;
    const month = new Date(new Date(at).getTime() + 8 * 3600_000).getUTCMonth() + 1;
    if (!check.months[main].includes(month)) return;
    const { zh, en } = hazards.find(({ key }) => key === main);
    yield [check.anchor, told(check, "", "", { zh, en, month: String(month) })];
  },
};
