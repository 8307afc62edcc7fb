/** Every desk page: forms that speak to the API, and regions that follow the live feed. */

import { followFeed } from "./live.js";
import { listenToForms } from "./forms.js";
import words from "./en.js";
import { use } from "../shared/i18n.js";

// Forms wait for this: sent before anybody listens, they would lose what was typed (method="dialog" sends nothing).
document.addEventListener("DOMContentLoaded", () => document.documentElement.setAttribute("data-desk", "ready"));
use(words);
listenToForms(document);
if (document.querySelector("[data-live]")) followFeed();

// What scrolls can be scrolled by keyboard: a wide table in its box, long words in theirs.
const boxes = ".table-wrap, .sheet-scroll, .desk-main pre, .alert-list";
function reachable() {
  for (const box of document.querySelectorAll(boxes)) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("load", reachable);
addEventListener("resize", reachable);

// A menu that is open closes when the reader turns to something else.
const menus = () => document.querySelectorAll(".desk-bar details[open]");
document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(/** @type {Node} */ (target))) menu.removeAttribute("open");
});
document.addEventListener("keydown", ({ key }) => {
  for (const menu of menus()) {
    if (key !== "Escape") continue;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
});
