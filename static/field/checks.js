/**
 * The statutory checks, evaluated from the catalogue's rows just as the server does
 * (disaster/reports/checks/): hard ones block, soft ones want a note. Pure.
 *
 * A figure that is absent was not reported and breaks nothing, but for a whole whose parts are there.
 */

import { inEnglish, named, t } from "../shared/i18n.js";
import { local } from "../shared/time.js";
import { read, shown } from "./exact.js";

/** @typedef {{check: string, severity: "hard" | "soft", message: string}} Finding */
/**
 * @typedef {object} Context
 * @property {string} [kind]
 * @property {Record<string, number | string> | null} [previous] figures of the version before, in the form's units
 * @property {number | null} [population]
 * @property {number | null} [township_population]
 * @property {number | null} [arable_ha]
 * @property {boolean} [has_photo]
 * @property {boolean} [has_fix]
 * @property {boolean} [position_outside_township]
 * @property {string} [hazard]
 * @property {string | null} [occurred_at]
 */

const FAULTS = {
  not_a_number: "{name}要填数字",
  negative: "{name}不能是负数(填了 {value})",
  too_large: "{name}太大,请核对",
  not_whole: "{name}要填整数(填了 {value})",
};

/**
 * Hold a report against every check.
 * @param {any} catalogue as /api/catalogue gives it
 * @param {{figures: Record<string, string | number>, units?: Record<string, string>, context?: Context, notes?: Record<string, string>}} report
 * @returns {Record<string, Finding>} by field path; the first broken row of a field is told
 */
export function judge(catalogue, { figures, units = {}, context = {}, notes = {} }) {
  const known = new Map(catalogue.indicators.map((one) => [one.key, one]));
  const { good, found } = canonical(catalogue, known, figures, units);
  if (Object.keys(found).length) return found;
  const previous = context.previous ? canonical(catalogue, known, context.previous, {}).good : null;
  const world = { ...context, kind: context.kind ?? "first", previous, figures: good, catalogue, known };
  const hard = catalogue.checks.filter(({ severity }) => severity === "hard");
  // Relations to one single part go before sums: the phone tells the same one as the server.
  const first = hard.filter(isPair);
  for (const check of [...first, ...hard.filter((check) => !isPair(check))]) tell(found, check, OPS[check.op](check, world));
  if (Object.keys(found).length) return found;
  for (const check of catalogue.checks.filter(({ severity }) => severity === "soft")) {
    const concerned = world.kind === "zero" ? check.op === "place" : !check.kinds.length || check.kinds.includes(world.kind);
    if (!concerned || (check.left && !good.has(check.left)) || notes[check.key]?.trim()) continue;
    tell(found, check, SOFT_OPS[check.op](check, world));
  }
  return found;
}

const isPair = ({ op, right }) => op === "ge" && right.length === 1;

/** Bring figures into hundredths of the form's units, and name those that are no such figure. */
function canonical(catalogue, known, figures, units) {
  const good = new Map();
  /** @type {Record<string, Finding>} */
  const found = {};
  for (const [key, typed] of Object.entries(figures)) {
    const one = known.get(key);
    if (!one) {
      found[`figures.${key}`] = { check: "unknown_figure", severity: "hard", message: t("没有名为“{key}”的灾情指标", { key }) };
      continue;
    }
    const mu = units[key] === "mu" && one.accepts_mu;
    const { cents, fault } = read(typed, { type: one.type, mu, tooLarge: catalogue.too_large, muPerHectare: catalogue.mu_per_hectare });
    if (fault) found[`figures.${key}`] = { check: fault, severity: "hard", message: t(FAULTS[fault], { name: named(one), value: typed }) };
    else good.set(key, cents);
  }
  for (const key of Object.keys(units)) {
    const one = known.get(key);
    if (!one || one.accepts_mu || !(key in figures)) continue;
    const message = t("{name}的单位是{unit},不能用亩填写", { name: named(one), unit: one.unit });
    found[`units.${key}`] = { check: "no_mu", severity: "hard", message };
  }
  return { good, found };
}

/** Note what a check found: nothing, one thing at its anchor, or several fields. */
function tell(found, check, broken) {
  for (const { anchor = check.anchor, left = "", right = "", ...names } of broken) {
    if (anchor in found) continue;
    const words = inEnglish() ? check.en : check.zh;
    const values = { left_value: text(left), right_value: text(right), ...names };
    const message = words.replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
    found[anchor] = { check: check.key, severity: check.severity, message };
  }
}

const text = (cents) => (typeof cents === "number" ? shown(cents) : cents);
const sides = ({ left, right }, { figures }) => {
  const parts = right.filter((key) => figures.has(key)).map((key) => figures.get(key));
  return { whole: figures.get(left), parts, total: parts.reduce((sum, part) => sum + part, 0) };
};
const when = (broken, left, right) => (broken ? [{ left, right }] : []);
const cents = (number) => Math.round(number * 100);
const naming = (one) => ({ zh: one.zh, en: one.en, unit: one.unit, unit_en: one.unit_en });

/** One hard operator each: what is broken. */
const OPS = {
  ge(check, world) {
    const { whole, parts, total } = sides(check, world);
    return when(whole !== undefined && parts.length >= check.least && total > whole + cents(check.tolerance), whole, total);
  },
  sum(check, world) {
    const { whole, parts, total } = sides(check, world);
    const complete = whole !== undefined && parts.length === check.right.length;
    return when(complete && Math.abs(whole - total) > cents(check.tolerance), whole, total);
  },
  needs(check, world) {
    const { whole, total } = sides(check, world);
    return when(whole === undefined && total > 0, "", total);
  },
  implies(check, world) {
    const { whole, parts, total } = sides(check, world);
    return when(whole > 0 && parts.length > 0 && total === 0, whole, total);
  },
  unchanged(check, { kind, figures, previous, known }) {
    if (kind !== "zero" || !figures.size) return [];
    const before = previous ?? new Map();
    return [...new Set([...figures.keys(), ...before.keys()])]
      .map((key) => ({ key, left: figures.get(key) ?? 0, right: before.get(key) ?? 0 }))
      .filter(({ left, right }) => left !== right)
      .map(({ key, left, right }) => ({ anchor: `figures.${key}`, left, right, ...naming(known.get(key)) }));
  },
};

/** A doubt about figures unchanged since the version before was answered then, but for a 核报. */
const settled = ({ previous, kind, figures }, ...keys) =>
  Boolean(previous) && kind !== "verified" && keys.every((key) => previous.get(key) === figures.get(key));

/** The figures of the version before that count from the event's start. */
const cumulative = ({ previous, known }) => [...(previous ?? [])].filter(([key]) => known.get(key).cumulative);

/** One soft operator each: what is doubtful. */
const SOFT_OPS = {
  falls: (check, world) =>
    cumulative(world)
      .filter(([key, before]) => world.figures.has(key) && world.figures.get(key) < before)
      .map(([key, right]) => ({ anchor: `figures.${key}`, left: world.figures.get(key), right, ...naming(world.known.get(key)) })),
  omits: (check, world) =>
    cumulative(world)
      .filter(([key, before]) => before > 0 && !world.figures.has(key))
      .map(([key, right]) => ({ anchor: `figures.${key}`, left: 0, right, ...naming(world.known.get(key)) })),
  within(check, world) {
    const limit = world[check.right[0]];
    const value = world.figures.get(check.left);
    if (!limit || settled(world, check.left)) return [];
    return when(value * 100 > cents(check.factor) * cents(limit), value, cents(limit));
  },
  ratio(check, world) {
    const [above, below] = [world.figures.get(check.left), world.figures.get(check.right[0])];
    if (!above || !below || settled(world, check.left, check.right[0])) return [];
    const low = check.low !== null && above * 100 < cents(check.low) * below;
    return when(low || (check.high !== null && above * 100 > cents(check.high) * below), above, below);
  },
  alone(check, world) {
    const value = world.figures.get(check.left);
    return when(value > 0 && !world.figures.has(check.right[0]) && !settled(world, check.left, check.right[0]), value, "");
  },
  ge(check, world) {
    const { whole, parts, total } = sides(check, world);
    return when(whole !== undefined && parts.length > 0 && total > whole && !settled(world, check.left, check.right[0]), whole, total);
  },
  evidence(check, world) {
    const { total } = sides(check, world);
    return when(total > 0 && !world.has_fix && !world.has_photo, "", total);
  },
  place: (check, { position_outside_township: outside }) => when(Boolean(outside), "", ""),
  season(check, { hazard = "", occurred_at, catalogue }) {
    const main = hazard.split(".")[0];
    const month = occurred_at ? Number(local(occurred_at).slice(5, 7)) : 0;
    if (!check.months[main]?.includes(month)) return [];
    const one = catalogue.hazards.find(({ key }) => key === main);
    return [{ zh: one.zh, en: one.en, month: String(month) }];
  },
};
