/** Warnings on the first screen: above everything else, as long as one is open. */

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { clock } from "../../shared/time.js";

const LEVELS = { red: () => t("红色预警"), orange: () => t("橙色预警"), yellow: () => t("黄色预警"), blue: () => t("蓝色预警") };
const GRAVEST_FIRST = Object.keys(LEVELS);

/** @param {{level: string}} notice */
export const levelWords = ({ level }) => LEVELS[level]?.() ?? level;

/** What was answered last, here or at the bureau: `word`, and how it stands with it. */
export function answerWords(notice, waiting) {
  const { answer, persons } = waiting ? waiting.body : notice;
  const word = { sent: t("还没有回复"), received: t("已收到"), moved: t("已转移 {n} 人", { n: persons ?? 0 }), help: t("需要支援") }[answer];
  if (waiting?.problem) return { word: t("没有发出"), detail: Object.values(waiting.problem.errors)[0] ?? waiting.problem.message, tone: "bad" };
  if (waiting) return { word, detail: t("已存手机,有网络时自动发送"), tone: "wait" };
  if (answer === "sent") return { word, detail: "", tone: "bad" };
  return { word, detail: `${t("已到市局")} ${clock(notice.answered_at)} ${notice.answered_by}`, tone: "good" };
}

/** The style of these screens comes with them. */
export function dress() {
  const href = new URL("warning.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(el("link", { rel: "stylesheet", href }));
}

/** @param {HTMLElement} box @param {any} app */
export function showWarned(box, { world, go }) {
  dress();
  const open = world.notices.sort((a, b) => GRAVEST_FIRST.indexOf(a.level) - GRAVEST_FIRST.indexOf(b.level));
  box.replaceChildren(...open.map((notice) => {
    const { word, detail, tone } = answerWords(notice, world.waitingAnswer(notice.id));
    return el(`button.warned.${notice.level}`, { "data-notice": notice.id, "data-tone": tone, onclick: () => go(`warning/${notice.id}`) },
      el("strong", {}, levelWords(notice)), el("span", {}, notice.headline),
      el("span.detail", {}, `${notice.issuer} ${clock(notice.issued_at)}`),
      el("span.answered", {}, word, detail ? el("small", {}, ` · ${detail}`) : null));
  }));
}
