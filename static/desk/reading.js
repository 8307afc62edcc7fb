/** A message with what was read in it: marked words, and a list of what a person should look at. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/**
 * @param {HTMLElement} box @param {HTMLElement} list @param {any} draft as `/api/reports/draft` gives it
 * @param {string} text @param {(key: string) => string} label
 */
export function paintWords(box, list, draft, text, label) {
  const marks = marksOf(draft);
  box.replaceChildren(...pieces(text, marks, label));
  const doubts = [
    ...marks.filter(({ sure, keys }) => !sure && keys.length).map((mark) => `“${text.slice(mark.start, mark.end)}”→ ${mark.keys.map(label).join("、")}:${mark.why}`),
    ...draft.leftover.map(({ start, end }) => t("没看懂的数字:“{words}”", { words: around(text, start, end) })),
  ];
  list.replaceChildren(...[...new Set(doubts)].map((sentence) => el("li", {}, sentence)));
  list.hidden = !doubts.length;
}

/** The ranges to mark, those of one range joined, in order. */
function marksOf(draft) {
  const found = new Map();
  const add = (one, key) => {
    const place = `${one.start}-${one.end}`;
    const before = found.get(place) ?? { start: one.start, end: one.end, sure: true, why: "", keys: [] };
    found.set(place, { ...before, sure: before.sure && one.sure, why: before.why || one.why_unsure, keys: [...before.keys, key] });
  };
  for (const figure of draft.figures) {
    add(figure, figure.key);
    for (const span of figure.also) add({ ...span, sure: figure.sure, why_unsure: figure.why_unsure }, figure.key);
  }
  for (const key of ["area", "occurred_at", "hazard"]) if (draft[key]) add(draft[key], key);
  const missed = draft.leftover.map((span) => ({ ...span, sure: false, why: "", keys: [] }));
  return [...found.values(), ...missed].sort((a, b) => a.start - b.start || b.end - a.end);
}

function* pieces(text, marks, label) {
  let at = 0;
  for (const { start, end, sure, keys } of marks) {
    if (end <= at) continue;
    yield text.slice(at, Math.max(at, start));
    yield el(keys.length ? (sure ? "mark" : "mark.doubt") : "mark.missed", { title: keys.map(label).join("、"), "data-keys": keys.join(" ") }, text.slice(Math.max(at, start), end));
    at = end;
  }
  yield text.slice(at);
}

/** A number with a few words beside it, within its clause. */
function around(text, start, end) {
  const before = /[^,\uff0c。\uff1b;、:\s]{0,5}$/.exec(text.slice(0, start))?.[0] ?? "";
  const after = /^[^,\uff0c。\uff1b;、:\s]{0,5}/.exec(text.slice(end))?.[0] ?? "";
  return before + text.slice(start, end) + after;
}
