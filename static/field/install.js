/** Making the page stay: the worker, lasting storage, and plain words where the phone won't keep its promise. */

import { by, el } from "../shared/dom.js";
import { lasting } from "../shared/db.js";
import { t } from "../shared/i18n.js";

/** Below this, photos will soon not fit; private modes offer less than this too. */
const LITTLE_BYTES = 120 * 1024 * 1024;
/** When nobody taps, keep the map library this long after the start. */
const LATER_MS = 20_000;

/** @param {any} app  gets `installable`: asks the phone to put the page among its apps */
export async function install(app) {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    app.installable = () => /** @type {any} */ (event).prompt();
  });
  if ("serviceWorker" in navigator) await keepPage().catch(() => warn("worker", t("这部手机不能离线打开本页,请在有网络时使用。")));
  if (!(await lasting())) warn("memory", t("浏览器处于无痕模式,填的内容关掉就没了。请换普通模式打开。"));
  await askToStay();
}

async function keepPage() {
  const registration = await navigator.serviceWorker.register("/field/worker.js");
  const worker = () => registration.active ?? registration.waiting ?? registration.installing;
  const later = () => worker()?.postMessage("later");
  addEventListener("pointerdown", () => setTimeout(later, 1000), { once: true });
  setTimeout(later, LATER_MS);
  const offer = () => registration.waiting && registration.active && offerRenewal(registration.waiting);
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
}

/** A new release waits; it takes over when the officer says so, never in the middle of a report. */
function offerRenewal(waiting) {
  const renew = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("renew");
  };
  warn("renew", t("有新版本。"), el("button.button", { onclick: renew }, t("更新")));
}

/** Ask the browser not to clear us when the phone is full. */
async function askToStay() {
  const { storage } = navigator;
  if (!storage?.estimate) return;
  const kept = (await storage.persisted?.()) || (await storage.persist?.());
  const { quota = 0, usage = 0 } = await storage.estimate();
  if (quota - usage < LITTLE_BYTES) warn("space", t("手机空间不多了,或处于无痕模式:请尽快联网发送,照片少拍几张。"));
  document.documentElement.dataset.kept = String(Boolean(kept));
}

/** Keep a warning under the village's name. @param {string} id @param {string} words @param {...any} more */
export function warn(id, words, ...more) {
  by(`warning-${id}`)?.remove();
  by("warnings").append(el("div.message", { id: `warning-${id}` }, el("p", {}, words), ...more));
}
