/**
 * Staying alive on a screen that nobody touches: the screen does not sleep, a session that ended is
 * waited for, a new release is loaded, and lost graphics are drawn anew.
 */

/** How often the server is asked whether somebody has signed in again, in ms. */
const ASK_MS = 15_000;
/** How often the page looks whether the server has a newer one, in ms. */
const RELEASE_MS = 10 * 60_000;

/** Keep the screen awake; the lock is lost whenever the page is hidden, and asked for again when it is seen. */
export function stayAwake() {
  const ask = async () => {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      await navigator.wakeLock.request("screen");
      document.documentElement.dataset.awake = "yes";
    } catch {
      document.documentElement.dataset.awake = "no"; // Battery saving forbids it; the board works all the same.
    }
  };
  document.addEventListener("visibilitychange", ask);
  return ask();
}

/**
 * Wait until somebody has signed in on this computer again, then begin anew.
 * @param {() => Promise<unknown>} ask succeeds for whoever is signed in
 * @returns {number} the timer
 */
export function waitForSignIn(ask) {
  return setInterval(() => ask().then(() => location.reload(), () => {}), ASK_MS);
}

/** The address of the page's own program: another one means another release. */
const programOf = (html) => /src="([^"]*wall\/app[^"]*)"/.exec(html)?.[1];

export class Release {
  #mine = document.querySelector("script[type=module]")?.getAttribute("src");
  #asked = 0;

  /** Look for a newer page now and then, and load it. @param {number} now ms */
  async beat(now) {
    if (now - this.#asked < RELEASE_MS) return;
    this.#asked = now;
    const html = await fetch(location.pathname, { cache: "no-store", redirect: "error" }).then((page) => (page.ok ? page.text() : ""), () => "");
    const theirs = programOf(html);
    if (theirs && theirs !== this.#mine) location.reload();
  }
}
