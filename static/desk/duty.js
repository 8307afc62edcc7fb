/** The duty page: minutes that run by themselves, and the buttons of the call list. */

import { post } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import words from "./en.js";
import { refreshLive } from "./live.js";

use(words);

/** Numbers looked up stay on the page while it follows the news. @type {Map<string, string>} area → words */
const looked = new Map();

function rewrite() {
  for (const box of /** @type {any} */ (document.querySelectorAll(".call-list [data-area]"))) {
    const words = looked.get(box.dataset.area);
    if (words) box.querySelector("[data-role=numbers]").textContent = words;
  }
}

/** Write how long is left, or how long it is late. */
function tick() {
  for (const time of /** @type {any} */ (document.querySelectorAll("[data-due-at]"))) {
    const minutes = Math.floor((Date.parse(time.dataset.dueAt) - Date.now()) / 60_000);
    time.textContent = minutes < 0 ? t("超时{span}", { span: span(-minutes) }) : t("还剩{span}", { span: span(minutes) });
  }
}

/** @param {number} minutes */
function span(minutes) {
  if (minutes < 60) return t("{n}分", { n: minutes });
  if (minutes < 2_880) return t("{n}小时", { n: Math.floor(minutes / 60) });
  return t("{n}天", { n: Math.floor(minutes / 1_440) });
}

async function act(button) {
  const { area, event, name } = button.parentElement.dataset;
  const told = button.parentElement.querySelector("[data-role=numbers]");
  button.disabled = true;
  try {
    if (button.dataset.do === "numbers") {
      const { numbers } = await post("/api/duty/numbers", { area });
      told.textContent = numbers.map((one) => `${one.name} ${one.post} ${one.phone || t("无号码")}`).join(";") || t("无号码");
      looked.set(area, told.textContent);
    } else {
      await post("/api/duty/calls", { area, event, callee: name, outcome: button.dataset.do });
      await refreshLive();
    }
  } catch (error) {
    told.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = /** @type {any} */ (event.target).closest("button[data-do]");
  if (button) act(button);
});
document.addEventListener("refreshed", () => {
  tick();
  rewrite();
});
document.getElementById("narrow")?.addEventListener("change", (event) => /** @type {any} */ (event.currentTarget).submit());
setInterval(tick, 10_000);
tick();
