/** A question before something is lost. */

import { el } from "./dom.js";

/**
 * Ask in a dialog of the page's own; Escape and the second button keep everything.
 * @param {string} question @param {string} yes @param {string} no
 * @returns {Promise<boolean>}
 */
export function confirm(question, yes, no) {
  return new Promise((answer) => {
    const dialog = el("dialog.ask", { "aria-label": question },
      el("p", {}, question),
      el("div.row", {}, el("button", { type: "button", value: "yes", onclick: () => dialog.close("yes") }, yes),
        el("button.main", { type: "button", autofocus: true, onclick: () => dialog.close("no") }, no)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
