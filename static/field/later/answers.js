/**
 * Answers to warnings (回执), kept like the reports: PEEK → SEND → MARK. An answer stays in `answers`
 * until the bureau's receipt is in the phone's memory; the id made here makes a repeat harmless.
 *
 * @typedef {{id: string, by: string, notice: string, order: number, body: any, problem?: {message: string, errors: Record<string, string>}}} Answer
 */

import { get, post, Refusal, Unreachable } from "../../shared/api.js";
import { all, write } from "../../shared/db.js";
import { t } from "../../shared/i18n.js";
import { iso } from "../../shared/time.js";

/** Pause before a failed round is tried again, ms; drawn from its upper half. */
const RETRY_MS = 15_000;
/** Refusals that time or a sign-in heals. */
const heals = ({ status }) => status >= 500 || [401, 408, 425, 429].includes(status);

let timer = 0;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** Keep an answer on the phone; a newer one takes the place of a refused one. */
export async function keepAnswer({ notice, by, answer, persons = null, words = "" }, now = Date.now()) {
  const id = crypto.randomUUID();
  const refused = (await all("answers")).filter((row) => row.notice === notice && row.problem).map((row) => row.id);
  const body = { id, answer, persons, words, said_at: iso(now) };
  await write({ answers: { put: [{ id, by, notice, order: now, body }], remove: refused } });
}

/**
 * Send what waits, oldest first; one tab at a time.
 * @param {{person: () => string, onChange: () => void, onStranger: () => void}} doors @returns {Promise<void>}
 */
export function sendAnswers(doors) {
  clearTimeout(timer);
  again = Boolean(running);
  running ??= run(doors).finally(() => (running = null));
  return running;
}

async function run(doors) {
  let left = false;
  do {
    again = false;
    const round = () => send(doors);
    const locks = globalThis.navigator?.locks;
    left = await (locks ? locks.request("zaiqing-answers", round) : round());
  } while (again);
  if (left) timer = setTimeout(() => sendAnswers(doors), RETRY_MS * (0.5 + Math.random() / 2));
  doors.onChange();
}

/** @returns {Promise<boolean>} whether something waits that time may heal */
async function send(doors) {
  const mine = (await all("answers")).filter((row) => row.by === doors.person() && !row.problem).sort((a, b) => a.order - b.order);
  try {
    // Somebody else may have signed in beside us: nothing is said in a wrong name.
    if (mine.length && (await get("/api/me")).person?.id !== doors.person()) throw new Refusal({ number: "401.1", message: t("请先登录") });
    for (const row of mine) await sendOne(row);
    return false;
  } catch (error) {
    if (error.status === 401) doors.onStranger();
    return error.status !== 401;
  }
}

/** @param {Answer} row */
async function sendOne(row) {
  try {
    const view = await post(`/api/notices/${row.notice}/confirmations`, row.body);
    if (view.object !== "notice" || view.id !== row.notice) throw new Unreachable(t("服务器没有正常回答"));
    await write({ answers: { remove: [row.id] }, views: { put: [{ ...view, key: `notice:${view.id}` }] } });
  } catch (error) {
    if (!(error instanceof Refusal) || heals(error)) throw error;
    await write({ answers: { put: [{ ...row, problem: { message: error.message, errors: error.errors } }] } });
  }
}
