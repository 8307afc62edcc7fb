/** One report under review: hold its lease while it is open, hand it back when leaving. */

import { post, Refusal } from "../shared/api.js";
import { t, use } from "../shared/i18n.js";
import words from "./en.js";

use(words);
const page = document.getElementById("review");
const line = document.getElementById("lease");
const report = page.dataset.report;
/** The lease is prolonged this often, in ms, while somebody looks at the page. */
const PROLONG_MS = 120_000;
let mine = false;

const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

async function claim(takeOver = false) {
  try {
    const { until } = await post(`/api/reports/${report}/claim`, { take_over: takeOver });
    mine = true;
    tell(t("您正在审核,至 {until}", { until: clock(until) }));
  } catch (error) {
    mine = false;
    tell(error.message, error instanceof Refusal && error.number === "409.3");
  }
  line.dataset.mine = mine ? "yes" : "no";
  for (const button of /** @type {any} */ (document.querySelectorAll("#decide button[type=submit]"))) button.disabled = !mine;
}

function tell(sentence, mayTake = false) {
  line.hidden = false;
  line.textContent = sentence;
  if (!mayTake) return;
  const button = document.createElement("button");
  button.className = "button quiet";
  button.textContent = t("接手");
  button.addEventListener("click", () => claim(true));
  line.append(" ", button);
}

function release() {
  if (!mine) return;
  const csrf = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  // keepalive: the request outlives the page.
  fetch(`/api/reports/${report}/release`, { method: "POST", headers: { "X-CSRFToken": csrf }, credentials: "same-origin", keepalive: true });
  mine = false;
}

document.addEventListener("click", (event) => {
  const quick = /** @type {any} */ (event.target).closest("[data-quick]");
  if (!quick) return;
  const remark = /** @type {any} */ (document.querySelector("#return [name=remark]"));
  remark.value = [remark.value, quick.textContent].filter(Boolean).join(";");
  remark.focus();
});

if (page.dataset.open === "yes") {
  claim();
  setInterval(() => mine && document.visibilityState === "visible" && claim(), PROLONG_MS);
  addEventListener("pagehide", release);
  document.addEventListener("sent", () => { mine = false; });
}
