/**
 * Regions that follow the live feed: `<section id="board" data-live="report event">`.
 *
 * The page is written by the server; when the feed tells of an object of a kind named in `data-live`,
 * the page is asked for again and each region replaced. One way to make the page, for first sight and for news.
 * A region whose form is being filled in waits, so that nobody's words are lost.
 */

import { t } from "../shared/i18n.js";
import { openSocket } from "../shared/socket.js";

/** News is gathered this long, in ms, before the page is asked for. */
const GATHER_MS = 400;
/** Clocks run without news: the page is asked for at least this often, in ms. */
const TICK_MS = 30_000;

let asking = null;
let again = false;

/** Listen to the feed for as long as the page is open. */
export function followFeed() {
  const kinds = new Set([...document.querySelectorAll("[data-live]")].flatMap((region) => /** @type {any} */ (region).dataset.live.split(" ")));
  const line = document.getElementById("line");
  let timer = 0;
  const soon = () => {
    timer ||= setTimeout(() => {
      timer = 0;
      refreshLive();
    }, GATHER_MS);
  };
  const socket = openSocket({
    onMessage: (message) => {
      // A socket is told nothing before it has asked to; what came before, the page asked for now will show.
      if (message.type === "welcome") socket.send({ type: "feed.resume", since: message.position, epoch: message.epoch });
      if (message.type === "welcome" || message.type === "snapshot_needed") soon();
      if (message.type === "change" && message.changes.some(({ put }) => put.some(({ object }) => kinds.has(object)))) soon();
    },
    onState: (state) => {
      line.hidden = false;
      line.dataset.state = state;
      line.textContent = state === "open" ? t("实时") : state === "connecting" ? t("正在连接…") : t("连接中断,显示的可能不是最新");
    },
  });
  setInterval(soon, TICK_MS);
}

/** Ask for the page and replace its live regions; asked again meanwhile, once more afterwards. */
export async function refreshLive() {
  if (asking) {
    again = true;
    return asking;
  }
  asking = replace().catch(() => {});
  await asking;
  asking = null;
  if (again) {
    again = false;
    await refreshLive();
  }
}

async function replace() {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(region.id);
    if (next && !isBusy(region)) {
      const focused = nameOf(region, document.activeElement);
      region.replaceChildren(...document.adoptNode(next).childNodes);
      if (focused) /** @type {HTMLElement | null} */ (region.querySelector(focused))?.focus({ preventScroll: true });
      region.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
    }
  }
}

/**
 * How to find the link or button in focus again, so that nobody who works by keys is thrown back to the page's top.
 * @param {Element} region @param {Element | null} focused @returns {string | null} a selector, null where nothing names it
 */
function nameOf(region, focused) {
  if (!focused || !region.contains(focused)) return null;
  if (focused.id) return `#${CSS.escape(focused.id)}`;
  const holder = /** @type {HTMLElement | null} */ (focused.closest("[data-area]"));
  const within = holder ? `[data-area="${CSS.escape(holder.dataset.area)}"] ` : "";
  const name = ["href", "data-do", "name", "formaction"].find((key) => focused.hasAttribute(key));
  return name ? `${within}${focused.localName}[${name}="${CSS.escape(focused.getAttribute(name))}"]` : null;
}

/** Somebody is writing in it, or has a dialog open. */
const isBusy = (region) =>
  Boolean(region.querySelector("dialog[open]")) ||
  [...region.querySelectorAll("input, textarea, select")].some((control) => control === document.activeElement || isChanged(control));

const isChanged = (control) =>
  control.type === "checkbox" || control.type === "radio"
    ? control.checked !== control.defaultChecked
    : control.tagName === "SELECT"
      ? [...control.options].some((option) => option.selected !== option.defaultSelected) && control.selectedIndex > 0
      : control.value !== control.defaultValue;
