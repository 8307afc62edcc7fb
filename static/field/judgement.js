/**
 * What is wrong with a draft, by field path, before it is sealed and after the server refused it. Pure.
 *
 * @typedef {{message: string, note: string}} Fault  `note`: the check a reason would settle, "" if it must be corrected
 */

import { t } from "../shared/i18n.js";
import { judge } from "./checks.js";
import { canonicalOf, isUnchanged, typed } from "./draft.js";
import { outside } from "./locate.js";

/** As shipped, for a catalogue kept by the phone since before it named them. */
const TIMES = { ahead_min: 5, oldest_days: 366 };

/**
 * @param {import("./draft.js").Draft} draft
 * @param {{catalogue: any, home: any, people: any}} world
 * @param {number} now ms
 * @returns {Record<string, Fault>}
 */
export function faultsOf(draft, { catalogue, home, people }, now) {
  /** @type {Record<string, Fault>} */
  const faults = { ...missing(draft, catalogue.times ?? TIMES, now) };
  const context = {
    ...people, kind: draft.kind, previous: draft.previous, hazard: draft.hazard, occurred_at: draft.occurred_at,
    has_photo: draft.photos.length > 0, has_fix: Boolean(draft.fix),
    position_outside_township: outside(draft.fix, home.township?.boundary),
  };
  const found = judge(catalogue, { figures: typed(draft), units: draft.units, notes: draft.notes, context });
  if (isUnchanged(draft, canonicalOf({ figures: typed(draft), units: draft.units }, catalogue))) {
    for (const path of draft.returned.fields.length ? draft.returned.fields.map((key) => `figures.${key}`) : ["text"]) {
      faults[path] = { message: t("退回的内容没有改动,请按退回意见修改后再报"), note: "" };
    }
  }
  // As on the server: doubts are told once nothing has to be corrected.
  const hard = Object.keys(faults).length > 0 || Object.values(found).some(({ severity }) => severity === "hard");
  for (const [path, { check, severity, message }] of Object.entries(found)) {
    if (severity === "hard") faults[path] = { message, note: "" };
    else if (!hard) faults[path] = { message, note: check };
  }
  return faults;
}

function missing({ hazard, occurred_at: at }, times, now) {
  const faults = {};
  if (!hazard) faults.hazard = { message: t("请选择灾种"), note: "" };
  const moment = Date.parse(at ?? "");
  if (Number.isNaN(moment)) faults.occurred_at = { message: t("请填写发生时间"), note: "" };
  else if (moment > now + times.ahead_min * 60_000) faults.occurred_at = { message: t("发生时间晚于现在,请核对"), note: "" };
  else if (moment < now - times.oldest_days * 24 * 3600_000) faults.occurred_at = { message: t("发生时间太早,请核对"), note: "" };
  return faults;
}

/** The server's refusal in the same shape. @param {any} problem @param {Record<string, string>} notes reasons given since */
export function faultsTold(problem, notes) {
  const told = Object.entries(problem?.errors ?? {}).map(([path, message]) => [path, { message, note: problem.confirm?.[path] ?? "" }]);
  return Object.fromEntries(told.filter(([, { note }]) => !notes[note]?.trim()));
}

/** Forget what the server said of a field that was changed since. @param {import("./draft.js").Draft} draft @param {string} path */
export function forgive(draft, path) {
  if (draft.problem?.errors[path]) delete draft.problem.errors[path];
}
