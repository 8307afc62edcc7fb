/**
 * The life of a report, and the only words the officer reads about it. Pure.
 *
 *     draft ─seal→ queued ─send→ sending ─store→ stored ─see→ seen ─pass→ passed ─approve→ approved
 *       ↑            ↑ └──────lose──┘ │             └──return──┴───────────┴→ returned
 *       └──edit── refused ←──refuse───┘
 *
 * 已到市局 stands behind `store` alone, and `store` happens only when the bureau's receipt is in the
 * phone's memory. "sending" is never written down: a phone that dies while sending wakes up with "queued".
 */

import { t } from "../shared/i18n.js";
import { clock } from "../shared/time.js";

/** state → event → next state */
export const MOVES = {
  draft: { seal: "queued" },
  queued: { send: "sending" },
  sending: { lose: "queued", store: "stored", refuse: "refused" },
  refused: { edit: "draft", seal: "queued" },
  stored: { see: "seen", pass: "passed", return: "returned", approve: "approved" },
  seen: { pass: "passed", return: "returned", approve: "approved" },
  passed: { return: "returned", approve: "approved" },
  returned: {},
  approved: {},
};

/** @typedef {keyof typeof MOVES} State */

/** @param {State} state @param {string} event @returns {State} */
export function next(state, event) {
  const to = MOVES[state]?.[event];
  if (!to) throw new Error(`a report that is ${state} can't ${event}`);
  return to;
}

/** The state of what the phone remembers of a report.
 *  @param {{shelf: "drafts" | "outbox" | "sent", problem?: any, view?: {state: string} | null}} record
 *  @param {boolean} [inFlight] @returns {State} */
export function stateOf({ shelf, problem, view }, inFlight = false) {
  if (shelf === "drafts") return problem ? "refused" : "draft";
  if (shelf === "outbox") return inFlight ? "sending" : "queued";
  return /** @type {State} */ (view?.state ?? "stored");
}

/** What colour and sign a state has in the page. */
export const TONES = {
  draft: "calm", queued: "wait", sending: "wait", stored: "good", seen: "good", passed: "good", approved: "good", returned: "bad", refused: "bad",
};

/**
 * What the officer reads: `lead` stands before all else (a returned report's remark), `word` is the
 * state, `detail` its number and time.
 * @param {State} state
 * @param {{number?: string, at?: string | null, seen_at?: string | null, remark?: string, message?: string}} [facts]
 * @returns {{lead: string, word: string, detail: string}}
 */
export function words(state, { number = "", at = null, seen_at = null, remark = "", message = "" } = {}) {
  const receipt = [number && t("编号 {number}", { number }), at && clock(at)].filter(Boolean).join(" · ");
  switch (state) {
    case "draft": return { lead: "", word: t("草稿"), detail: t("还没有上报") };
    case "queued": return { lead: "", word: t("已存手机"), detail: message || t("有网络时自动发送") };
    case "sending": return { lead: "", word: t("发送中"), detail: t("正在等市局回执") };
    case "stored": return { lead: "", word: t("已到市局"), detail: receipt };
    case "seen": return { lead: "", word: t("已阅"), detail: [receipt, seen_at && t("阅于 {time}", { time: clock(seen_at) })].filter(Boolean).join(" · ") };
    case "passed": return { lead: "", word: t("乡镇已审"), detail: receipt };
    case "approved": return { lead: "", word: t("县级核定"), detail: receipt };
    case "returned": return { lead: t("退回意见:{remark}", { remark }), word: t("退回"), detail: receipt };
    case "refused": return { lead: message, word: t("需改正"), detail: t("没有发出,改好后再上报") };
  }
}

/**
 * How many photos and voice notes have arrived.
 * @param {Record<string, string>} photos hash → "waiting" | "stored" | a sentence @param {string[]} [voices] which of them are voice notes
 */
export function photoWords(photos, voices = []) {
  const all = Object.values(photos);
  const spoken = Object.keys(photos).filter((hash) => voices.includes(hash)).length;
  const stored = (isVoice) => Object.keys(photos).filter((hash) => photos[hash] === "stored" && voices.includes(hash) === isVoice).length;
  return [
    all.length > spoken && t("照片 {stored}/{total} 已传", { stored: stored(false), total: all.length - spoken }),
    spoken && t("语音 {stored}/{total} 已传", { stored: stored(true), total: spoken }),
    all.find((state) => state !== "stored" && state !== "waiting"),
  ].filter(Boolean).join(" · ");
}

/** Two reports that did not know of each other. */
export const crossedWords = () => t("与另一份报告同时修改,两份都保留");
