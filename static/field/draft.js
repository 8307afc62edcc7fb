/**
 * A report while it is written: what it starts from, and what it becomes on the wire.
 * Everything but `keep` and `drop` is pure.
 *
 * @typedef {object} Draft
 * @property {string} id  the report's key for ever, made once
 * @property {string} by  the person's id
 * @property {string} area  12-digit code
 * @property {"draft" | "refused"} state
 * @property {"first" | "followup" | "verified" | "zero"} kind
 * @property {string} hazard
 * @property {string} occurred_at  ISO, UTC
 * @property {string | null} event
 * @property {string | null} corrects  the version this one is written upon
 * @property {any} fix  as on the wire, with `at` (ms) in place of `age_s`; null: none
 * @property {Record<string, string>} figures  as typed
 * @property {Record<string, "mu">} units
 * @property {string} text
 * @property {string[]} photos  hashes
 * @property {Record<string, string>} notes
 * @property {Record<string, number> | null} previous  figures of the version it will be compared with
 * @property {Record<string, string>} errors  the server's words by field path
 * @property {Record<string, string>} confirm  field path → check that wants a note
 * @property {string} message  the server's words for the whole
 * @property {number} changed  ms
 */

import * as db from "../shared/db.js";
import { centsOf, numberOf, plain } from "./figures.js";

/**
 * A version somebody filed, whether the server has it or not.
 * @typedef {{id: string, area: string, event: string | null, figures: Record<string, number>, hazard: string, at: string, returned: boolean, waiting: boolean}} Version
 */

/**
 * The visible versions of one area's report in one event, oldest first: the server's, then those
 * still on this phone.
 * @param {any[]} views  reports of the feed @param {any[]} outbox @param {string} area @param {string | null} event
 * @returns {Version[]}
 */
export function versionsOf(views, outbox, area, event) {
  const known = new Set(views.map(({ id }) => id));
  const ours = (row) => row.area === area && (row.event ?? null) === event;
  const replaced = new Set(outbox.map(({ report }) => report.corrects));
  const filed = views.filter((view) => ours(view) && !view.superseded_by && !replaced.has(view.id)).map((view) => ({
    ...pick(view), figures: view.figures, at: view.received_at, returned: view.state === "returned", waiting: false,
  }));
  const own = outbox.filter(({ id, report }) => ours(report) && !known.has(id) && !replaced.has(id)).map((item) => ({
    ...pick(item.report), figures: item.canonical, at: item.receipt?.received_at ?? item.sealed_at, returned: false, waiting: !item.receipt,
  }));
  return [...filed, ...own].sort((a, b) => Number(a.waiting) - Number(b.waiting) || Date.parse(a.at) - Date.parse(b.at));
}

const pick = ({ id, area, event, hazard }) => ({ id, area, event: event ?? null, hazard });

/**
 * Start a report on what is known: the newest version's figures, compared with the standing one
 * (as disaster/reports/versions.py does).
 * @param {object} given
 * @param {string} given.by @param {string} given.area @param {string | null} given.event
 * @param {string} [given.hazard] @param {Version[]} given.versions @param {any[]} given.indicators
 * @param {boolean} given.mu  whether areas are shown in 亩
 * @param {Date} given.now @param {() => string} [given.makeId]
 * @returns {Draft}
 */
export function begin({ by, area, event, hazard = "", versions, indicators, mu, now, makeId = () => crypto.randomUUID() }) {
  const newest = versions.at(-1) ?? null;
  const draft = {
    id: makeId(), by, area, state: "draft", kind: newest ? "followup" : "first", hazard: newest?.hazard ?? hazard,
    occurred_at: now.toISOString(), event, corrects: newest?.id ?? null, fix: null, figures: {}, units: {}, text: "", photos: [],
    notes: {}, previous: compared(versions, newest?.id ?? null), errors: {}, confirm: {}, message: "", changed: now.getTime(),
  };
  const prefilled = newest?.figures ?? {};
  for (const row of indicators) {
    const inMu = mu && row.accepts_mu;
    if (row.key in prefilled) draft.figures[row.key] = plain(centsOf(prefilled[row.key]) * (inMu ? 15 : 1));
    if (inMu) draft.units[row.key] = "mu";
  }
  return draft;
}

/** The figures a version written upon `corrects` is compared with. @param {Version[]} versions @param {string | null} corrects */
export function compared(versions, corrects) {
  const good = versions.filter(({ returned }) => !returned);
  return (good.find(({ id }) => id === corrects) ?? good.at(-1))?.figures ?? null;
}

/** Only figures that were typed: an empty field was not reported. @param {Draft} draft */
export function typed({ figures }) {
  return Object.fromEntries(Object.entries(figures).filter(([, text]) => text.trim() !== ""));
}

/**
 * The report as it travels (disaster/reports/messages.py); figures must have been judged before.
 * @param {Draft} draft @param {Date} now  when the officer pressed send: 提交时间
 */
export function wire(draft, now) {
  const figures = Object.fromEntries(Object.entries(typed(draft)).map(([key, text]) => [key, numberOf(text)]));
  const units = Object.fromEntries(Object.entries(draft.units).filter(([key]) => key in figures));
  const notes = Object.fromEntries(Object.entries(draft.notes).filter(([, text]) => text.trim() !== ""));
  const { id, area, kind, hazard, occurred_at, event, corrects, text, photos } = draft;
  return { id, area, kind, hazard, occurred_at, submitted_at: now.toISOString(), event, corrects, fix: fixOf(draft.fix, now), figures, units, text, photos, notes };
}

function fixOf(fix, now) {
  if (!fix) return null;
  const { at, ...rest } = fix;
  return at ? { ...rest, age_s: Math.max(0, Math.round((now.getTime() - at) / 1000)) } : rest;
}

/** Keep a draft on the phone: called at every change. @param {Draft} draft */
export const keep = (draft) => db.put("drafts", { ...draft, changed: Date.now() });

/** Throw a draft away, and those of its photos that nothing else needs. @param {string} id */
export function drop(id) {
  return db.write(["drafts", "outbox", "photos"], async (tx) => {
    const draft = await tx.read("drafts", id);
    tx.remove("drafts", id);
    await forgetPhotos(tx, draft?.photos ?? []);
  });
}

/** Remove photos that no draft and no waiting report names any more. @param {db.Transaction} tx @param {string[]} hashes */
export async function forgetPhotos(tx, hashes) {
  const needed = new Set((await tx.all("drafts")).flatMap((draft) => draft.photos));
  for (const { photos } of await tx.all("outbox")) photos.filter(({ state }) => state === "waiting").forEach(({ hash }) => needed.add(hash));
  hashes.filter((hash) => !needed.has(hash)).forEach((hash) => tx.remove("photos", hash));
}
