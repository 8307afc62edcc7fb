/** Where the report was written: the phone's own position with its accuracy, a pin to correct it, the village at last. */

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { field } from "../fields.js";
import { Locator, locateWords } from "../locate.js";

/**
 * @param {import("../draft.js").Draft} draft @param {any} world @param {(how: {chosen: boolean}) => void} changed
 * @returns {{element: HTMLElement, leave: () => void}}
 */
export function placeField(draft, world, changed) {
  const words = el("p.place", { id: "fix", role: "status" });
  const locator = new Locator({ onChange: follow });
  /** A pin set by hand, or the village chosen, is not moved by the satellites. */
  const byHand = () => ["pin", "village"].includes(draft.fix?.method);

  function follow() {
    if (locator.fix && !byHand() && locator.fix.at !== draft.fix?.at) take(locator.fix, false);
    else say();
  }

  function take(fix, chosen = true) {
    draft.fix = fix;
    say();
    changed({ chosen });
  }

  function say() {
    const { fix } = draft;
    words.dataset.method = fix?.method ?? "";
    if (fix?.method === "pin") words.textContent = t("地图上选的位置");
    else if (fix?.method === "village") words.textContent = t("按本村的位置上报");
    else words.textContent = locateWords({ state: locator.state, fix });
  }

  function again() {
    if (byHand()) draft.fix = null;
    locator.start();
  }

  async function pin() {
    const { choosePin } = await import("../later/pin.js");
    const { home } = world;
    const at = draft.fix ?? locator.fix ?? (home.point ? { lon: home.point[0], lat: home.point[1] } : null);
    const chosen = await choosePin({ at, home, fix: locator.fix });
    if (chosen) take({ lon: chosen.lon, lat: chosen.lat, datum: "wgs84", method: "pin", at: Date.now() });
  }

  function village() {
    const [lon, lat] = world.home.point;
    take({ lon, lat, datum: "wgs84", method: "village" });
  }

  const button = (id, text, onclick) => el("button.row-button", { type: "button", id, onclick }, text);
  const element = field("fix", t("位置"), words, el("div.row", {},
    button("locate", t("重新定位"), again),
    button("pin", t("在地图上选"), () => pin().catch(() => { words.textContent = t("地图打不开,请稍后再试"); })),
    world.home.point ? button("at-village", t("用本村位置"), village) : null));
  if (!draft.fix) locator.start();
  say();
  return { element, leave: () => locator.stop() };
}
