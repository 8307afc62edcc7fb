/**
 * A report while it is written: what it starts from, and what it becomes on the wire.
 * All but `keep` and `drop` is pure.
 *
 * @typedef {object} Draft
 * @property {string} id  the report's key for ever, made once
 * @property {string} by  the person's id
 * @property {string} area  12-digit code
 * @property {"first" | "followup" | "verified" | "zero"} kind
 * @property {string} hazard
 * @property {string} occurred_at  ISO
 * @property {string} discovered_at  ISO, when the draft was begun
 * @property {string | null} event
 * @property {string | null} corrects  the version this one is written upon
 * @property {any} fix  as on the wire, but `at` (ms) in place of `age_s`; null: none
 * @property {Record<string, string>} figures  as typed
 * @property {Record<string, "mu">} units
 * @property {string} text
 * @property {string[]} photos  hashes
 * @property {string[]} [voices]  hashes of voice notes
 * @property {Record<string, string>} notes
 * @property {Record<string, number> | null} previous  figures of the version it is compared with
 * @property {{remark: string, fields: string[], text: string, hazard: string, occurred_at: string, figures: Record<string, number>} | null} [returned]
 *   what the desk said of the version this one puts right, and what that version said
 * @property {any} problem  the server's refusal: {number, message, errors, confirm}; null: none
 * @property {number} changed  ms
 *
 * A version somebody filed, whether the server has it or not.
 * @typedef {{id: string, event: string | null, hazard: string, figures: Record<string, number>, at: string, returned: boolean, waiting: boolean}} Version
 */

import { all, one, write } from "../shared/db.js";
import { plainNumber } from "../shared/format.js";
import { iso } from "../shared/time.js";
import { read, shown } from "./exact.js";

/**
 * The visible versions of one area's report in one event, oldest first: the server's, then those
 * still on this phone.
 * @param {any[]} views  reports of the feed @param {any[]} records  outbox and sent
 * @param {string} area @param {string | null} event @returns {Version[]}
 */
export function versionsOf(views, records, area, event) {
  const known = new Set(views.map(({ id }) => id));
  const replaced = new Set(records.map(({ report }) => report.corrects));
  const visible = (row) => row.area === area && (row.event ?? null) === event && !replaced.has(row.id);
  const filed = views.filter((view) => visible(view) && !view.superseded_by).map((view) => ({
    ...pick(view), figures: view.figures, at: view.received_at, returned: view.state === "returned", waiting: false,
  }));
  const own = records.filter(({ id, report }) => visible(report) && !known.has(id)).map(({ report, canonical, receipt }) => ({
    ...pick(report), figures: canonical, at: receipt?.received_at ?? report.submitted_at, returned: false, waiting: !receipt,
  }));
  return [...filed, ...own].sort((a, b) => Number(a.waiting) - Number(b.waiting) || Date.parse(a.at) - Date.parse(b.at));
}

const pick = ({ id, event, hazard }) => ({ id, event: event ?? null, hazard });

/** The figures that a version written upon `corrects` is compared with (disaster/reports/versions.py). */
export function compared(versions, corrects) {
  const good = versions.filter(({ returned }) => !returned);
  return (good.find(({ id }) => id === corrects) ?? good.at(-1))?.figures ?? null;
}

/**
 * Start a report on what is known: the newest version's figures and hazard.
 * @param {object} given
 * @param {string} given.by @param {string} given.area @param {string | null} given.event @param {string} [given.hazard]
 * @param {Version[]} given.versions @param {any[]} given.indicators @param {boolean} given.mu  areas are shown in 亩
 * @param {Date} given.now @returns {Draft}
 */
export function begin({ by, area, event, hazard = "", versions, indicators, mu, now }) {
  const newest = versions.at(-1);
  const figures = {};
  const units = {};
  for (const { key, accepts_mu: accepts } of indicators) {
    if (mu && accepts) units[key] = "mu";
    const known = newest?.figures[key];
    if (known !== undefined) figures[key] = shown(Math.round(known * 100) * (units[key] ? 15 : 1));
  }
  return {
    id: crypto.randomUUID(), by, area, kind: newest ? "followup" : "first", hazard: newest?.hazard ?? hazard, occurred_at: iso(now),
    discovered_at: iso(now), event, corrects: newest?.id ?? null, fix: null, figures, units, text: "", photos: [], notes: {},
    previous: compared(versions, newest?.id), problem: null, changed: now.getTime(),
  };
}

/** Start on a returned version: what it said stands again, with the desk's remark. @param {Draft} draft @param {any} view */
export function putRight(draft, view) {
  const { remark, returned_fields: fields = [], text, hazard, occurred_at, figures } = view;
  return { ...draft, text, hazard, occurred_at, kind: view.kind, returned: { remark, fields, text, hazard, occurred_at, figures } };
}

/** Whether a draft says just what the returned version said. @param {Draft} draft @param {Record<string, number>} canonical */
export function isUnchanged({ returned, text, hazard, occurred_at, photos, voices = [] }, canonical) {
  if (!returned || photos.length || voices.length) return false;
  const keys = new Set([...Object.keys(returned.figures), ...Object.keys(canonical)]);
  const same = [...keys].every((key) => returned.figures[key] === canonical[key]);
  return same && text === returned.text && hazard === returned.hazard && Date.parse(occurred_at) === Date.parse(returned.occurred_at);
}

/** A 零报告: nothing new; figures stand as they were. */
export function beginZero(given) {
  return { ...begin({ ...given, mu: false }), kind: /** @type {const} */ ("zero"), figures: {} };
}

/** Only what was typed: an empty field was not reported. @param {{figures: Record<string, string>}} draft */
export function typed({ figures }) {
  return Object.fromEntries(Object.entries(figures).filter(([, text]) => String(text).trim() !== ""));
}

/** Go from 公顷 to 亩 or back. A figure nobody typed goes along exactly; one that was typed is taken at its word. */
export function switchUnit(draft, key) {
  const text = draft.figures[key] ?? "";
  const before = Math.round((draft.previous?.[key] ?? Number.NaN) * 100);
  const [from, to] = draft.units[key] ? [15, 1] : [1, 15];
  if (draft.units[key]) delete draft.units[key];
  else draft.units[key] = "mu";
  if (text && text === shown(before * from)) draft.figures[key] = shown(before * to);
}

/**
 * The report as it travels (disaster/reports/messages.py); its figures have been judged before.
 * @param {Draft} draft @param {Date} now  when the officer pressed send: 提交时间
 */
export function wire(draft, now) {
  const figures = Object.fromEntries(Object.entries(typed(draft)).map(([key, text]) => [key, Number(plainNumber(text))]));
  const units = Object.fromEntries(Object.entries(draft.units).filter(([key]) => key in figures));
  const notes = Object.fromEntries(Object.entries(draft.notes).filter(([, text]) => text.trim() !== ""));
  const { id, area, kind, hazard, occurred_at, event, corrects, text, photos } = draft;
  // 发现: when the officer began to write. An occurrence put later than that was discovered as it occurred.
  const discovered_at = Date.parse(draft.discovered_at) > Date.parse(occurred_at) ? draft.discovered_at : occurred_at;
  return { id, area, kind, hazard, occurred_at, discovered_at, submitted_at: iso(now), event, corrects, fix: fixOf(draft.fix, now), figures, units, text, photos, ...spoken(draft), notes };
}

/** Voice notes are named only where there are some. */
const spoken = ({ voices }) => (voices?.length ? { voices } : {});

function fixOf(fix, now) {
  if (!fix) return null;
  const { at, ...rest } = fix;
  return at ? { ...rest, age_s: Math.max(0, Math.round((now.getTime() - at) / 1000)) } : rest;
}

/** A report's figures in the form's units. @param {any} report @param {any} catalogue @returns {Record<string, number>} */
export function canonicalOf({ figures, units }, catalogue) {
  const rows = new Map(catalogue.indicators.map((row) => [row.key, row]));
  const found = {};
  for (const [key, value] of Object.entries(figures)) {
    const { type, accepts_mu: accepts } = rows.get(key);
    const { cents } = read(value, { type, mu: units[key] === "mu" && accepts, tooLarge: catalogue.too_large, muPerHectare: catalogue.mu_per_hectare });
    found[key] = (cents ?? 0) / 100;
  }
  return found;
}

/** Keep a draft on the phone: called at every change. @param {Draft} draft */
export function keep(draft) {
  draft.changed = Date.now();
  return write({ drafts: { put: [draft] } });
}

/** Throw a draft away, and those of its photos that nothing else needs. @param {string} id */
export async function drop(id) {
  const draft = await one("drafts", id);
  await write({ drafts: { remove: [id] } });
  await forgetPhotos(draft?.photos ?? []);
}

/** Remove photos that no draft names and that wait for no report. @param {string[]} hashes */
export async function forgetPhotos(hashes) {
  const needed = new Set((await all("drafts")).flatMap(({ photos, voices = [] }) => [...photos, ...voices]));
  const records = [...(await all("outbox")), ...(await all("sent"))];
  for (const { photos } of records) for (const [hash, state] of Object.entries(photos)) if (state === "waiting") needed.add(hash);
  const remove = hashes.filter((hash) => !needed.has(hash));
  if (remove.length) await write({ photos: { remove } });
}
