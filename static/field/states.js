/**
 * The one table of a report's states on the phone, and the only source of their words. Pure.
 *
 *            seal           send            stored            seen        returned
 *   draft ─────────▶ kept ─────────▶ sending ─────────▶ arrived ─────▶ seen ─────────▶ returned
 *     ▲                ▲                │  │                │                              ▲
 *     │                └── lost, busy ──┘  │                └──────────── returned ────────┘
 *     └── edit ── refused ◀──── refused ───┘
 *
 * `arrived` can't be reached but by `stored`, which the server says after its commit.
 */

import { t } from "../shared/i18n.js";

/** @typedef {"draft" | "kept" | "sending" | "arrived" | "seen" | "returned" | "refused"} State */

/** @type {Record<string, Record<string, State>>} */
const TABLE = {
  draft: { seal: "kept" },
  kept: { send: "sending" },
  sending: { stored: "arrived", lost: "kept", busy: "kept", refused: "refused", send: "sending" },
  refused: { seal: "kept", edit: "draft" },
  arrived: { seen: "seen", returned: "returned" },
  seen: { returned: "returned" },
  returned: {},
};

/**
 * Go on from a state.
 * @param {State} state @param {string} happening
 * @returns {State}
 * @throws {Error} if this can't happen there: no words are made of a wish
 */
export function next(state, happening) {
  const found = TABLE[state]?.[happening];
  if (!found) throw new Error(`"${happening}" can't happen to a report that is "${state}"`);
  return found;
}

/**
 * The state to show: the outbox's, overtaken by what the bureau did since.
 * @param {State} state @param {{state: string} | undefined} view  the report in the feed
 * @returns {State}
 */
export function shown(state, view) {
  if (!view) return state;
  if (view.state === "returned") return "returned";
  return view.state === "seen" || view.state === "approved" ? "seen" : "arrived";
}

/** @type {Record<State, () => string>} */
const WORDS = {
  draft: () => t("草稿"),
  kept: () => t("已存手机"),
  sending: () => t("发送中"),
  arrived: () => t("已到市局"),
  seen: () => t("已阅"),
  returned: () => t("退回"),
  refused: () => t("需改正"),
};

/**
 * A state in words: what an officer reads, the most important first.
 * @param {State} state
 * @param {{number?: string, received?: string, seen?: string, remark?: string}} facts  times already in words
 * @returns {{head: string, detail: string}}
 */
export function words(state, { number = "", received = "", seen = "", remark = "" } = {}) {
  const receipt = [number, received].filter(Boolean).join(" · ");
  if (state === "returned") return { head: remark ? `${WORDS.returned()}:${remark}` : WORDS.returned(), detail: receipt };
  if (state === "arrived") return { head: WORDS.arrived(), detail: receipt };
  if (state === "seen") return { head: WORDS.seen(), detail: [number, seen || received].filter(Boolean).join(" · ") };
  return { head: WORDS[state](), detail: "" };
}

/** States in which the server has not taken the report. */
export const UNSENT = /** @type {State[]} */ (["kept", "sending", "refused"]);
