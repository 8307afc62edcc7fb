/** The warnings page: minutes that run by themselves, numbers to call, answers taken by telephone. */

import { post } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import words from "./en.js";
import { refreshLive } from "./live.js";

use(words);

/** Numbers looked up stay on the page while it follows the news. @type {Map<string, string>} area → words */
const looked = new Map();

/** Write how long a village has been told. */
function tick() {
  for (const time of /** @type {any} */ (document.querySelectorAll("[data-since]"))) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(time.dataset.since)) / 60_000));
    time.textContent = minutes < 120 ? t("已{n}分钟", { n: minutes }) : t("已{n}小时", { n: Math.floor(minutes / 60) });
  }
  for (const box of /** @type {any} */ (document.querySelectorAll(".call-list [data-area]"))) {
    const known = looked.get(box.dataset.area);
    if (known) box.querySelector("[data-role=numbers]").textContent = known;
  }
}

/** What somebody folded or unfolded stays so. @type {Map<string, boolean>} */
const folded = new Map();
const keyOf = (details) => details.closest("[data-alert], [data-zone]")?.dataset.alert ?? details.closest("[data-zone]")?.dataset.zone;

function refold() {
  for (const details of /** @type {any} */ (document.querySelectorAll("#warnings details"))) {
    const open = folded.get(keyOf(details));
    if (open !== undefined) details.open = open;
  }
}

async function act(button) {
  const { area, name, notice } = button.parentElement.dataset;
  const told = button.parentElement.querySelector("[data-role=numbers]");
  button.disabled = true;
  try {
    if (button.dataset.do === "numbers") {
      const { numbers } = await post("/api/duty/numbers", { area });
      told.textContent = numbers.map((one) => `${one.name} ${one.post} ${one.phone || t("无号码")}`).join(";") || t("无号码");
      looked.set(area, told.textContent);
    } else {
      if (button.dataset.do) await post("/api/duty/calls", { area, callee: name, outcome: button.dataset.do });
      else await post(`/api/notices/${notice}/confirmations`, { id: crypto.randomUUID(), answer: button.dataset.say, words: t("电话确认") });
      await refreshLive();
    }
  } catch (error) {
    told.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = /** @type {any} */ (event.target).closest("button[data-do], button[data-say]");
  if (button) act(button);
});
document.addEventListener("click", (event) => {
  const details = /** @type {any} */ (event.target).closest("#warnings summary")?.parentElement;
  if (details) folded.set(keyOf(details), !details.open);
});
document.addEventListener("refreshed", () => {
  refold();
  tick();
});
setInterval(tick, 10_000);
tick();
