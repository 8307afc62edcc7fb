/** A cumulative figure that falls asks for its reason at once, at the field; one reason is for all of them. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

/** The soft check a reason answers (disaster/reports/checks/doubts.py). */
const CHECK = "cumulative_falls";

/**
 * Put the question under the first figure that falls, or take it away.
 * @param {HTMLElement} form @param {import("./draft.js").Draft} draft @param {() => void} onNote
 */
export function askWhy(form, draft, onNote) {
  const first = form.querySelector(".change[data-falls=true]")?.closest("[data-field]") ?? null;
  const asked = form.querySelector(".why");
  if (asked?.parentElement === first) return;
  asked?.remove();
  if (!first || first.querySelector(`[data-note=${CHECK}]`)) return;
  const input = el("input", { type: "text", maxlength: 200, value: draft.notes[CHECK] ?? "", "data-note": CHECK, placeholder: t("例如:重复统计,已入户核实") });
  input.addEventListener("input", () => {
    draft.notes[CHECK] = input.value;
    onNote();
  });
  first.append(el("label.note.why", {}, el("span", {}, t("比上次减少,请写明原因:")), input));
}
