/**
 * A hazard zone in full: what it is, whom it threatens, its versions each to be seen on the map, and
 * what the reader may do with it.
 */

import { el } from "../dom.js";
import { choices } from "../zones.js";
import { longTime, number, shortTime } from "../format.js";
import { LEVELS } from "../words.js";

export class ZonePanel {
  #given;
  #compared = null;

  /**
   * @param {object} given
   * @param {import("../store.js").Store} given.store
   * @param {import("../places.js").Places} given.places
   * @param {{get: Function, post: Function}} given.http
   * @param {(error: any) => string} given.told
   * @param {(zh: string, params?: object) => string} given.t
   * @param {(area: string) => boolean} given.mayDraw
   * @param {(area: string) => boolean} given.mayCount
   * @param {() => boolean} given.hasMap  whether there is a map to draw on
   * @param {(zone: any) => void} given.edit
   * @param {(outlines: {geometry: any, title: string}[]) => void} given.compare
   */
  constructor(given) {
    this.#given = given;
  }

  /** Fill the panel. @param {any} zone @returns {Node[]} */
  content(zone) {
    const { t, mayDraw, mayCount, http } = this.#given;
    const rows = el("dl.table", {}, ...this.#rows(zone).map(([zh, value]) => el("div", {}, el("dt", {}, t(zh)), el("dd", {}, value))));
    const kind = rows.querySelector("dd");
    choices(http).then(({ kinds }) => { kind.textContent = kinds.find(({ key }) => key === zone.kind)?.name ?? zone.kind; }, () => {});
    const lifted = zone.state !== "active";
    return [
      lifted && el("p.head", {}, el("span.tag", {}, t("已解除"))),
      rows,
      mayCount(zone.area) && !lifted && this.#threat(zone),
      mayDraw(zone.area) && !lifted && el("p", {}, el("a", { href: `/warnings/#zone-${zone.id}` }, t("通知区内信息员")),
        zone.kind !== "weather" && " · ", zone.kind !== "weather" && el("a", { href: `/evacuation/?zone=${zone.id}` }, t("转移方案"))),
      this.#versions(zone),
      mayDraw(zone.area) && !lifted && this.#verbs(zone),
    ].filter(Boolean);
  }

  /** Take what was laid over the map away. */
  away() {
    if (this.#compared !== null) this.#given.compare([]);
    this.#compared = null;
  }

  #rows(zone) {
    const { t, places } = this.#given;
    return [
      ["种类", "…"], ["等级", t(LEVELS[zone.level] ?? zone.level)], ["所在", places.fullName(zone.area)], ...this.#warned(zone.id),
      ["生效", longTime(zone.valid_from)], ["截止", longTime(zone.valid_to) || t("未定")], ...(zone.source ? [["来源", zone.source]] : []),
    ];
  }

  /** Who warned of a zone, when, and in which words: relayed as they came. */
  #warned(zone) {
    const alert = this.#given.store.all("alert").find(({ zones, state }) => state === "active" && zones.includes(zone));
    return alert ? [["预警", alert.headline], ["发布单位", alert.issuer], ["发布时间", longTime(alert.sent)]] : [];
  }

  #threat(zone) {
    const { t, http, told } = this.#given;
    const place = el("p.soft", { "data-role": "threat" }, t("正在计算…"));
    http.get(`/api/zones/${zone.id}/threat`).then(
      ({ villages, people, households, shelters }) => {
        const parts = [[villages.length, "个村(社区)"], [households, "户"], [people, "人"], [shelters.length, "处避难场所"]];
        place.textContent = `${t("区内")}: ${parts.map(([count, zh]) => `${number(count)} ${t(zh)}`).join(" · ")}`;
      },
      (error) => { place.textContent = told(error); },
    );
    return place;
  }

  #versions(zone) {
    const { t, http, told } = this.#given;
    const list = el("ol.versions", {});
    const section = el("section", {}, el("h3", {}, t("各版本")), list);
    http.get(`/api/zones/${zone.id}`).then(
      ({ versions }) => { list.replaceChildren(...versions.map((version) => this.#version(version, list))); },
      (error) => { list.replaceWith(el("p.problem", { role: "alert" }, told(error))); },
    );
    return section;
  }

  #version(version, list) {
    const { t } = this.#given;
    const title = `${t("版本")} ${version.number} · ${shortTime(version.recorded_at)}`;
    const what = version.lifted_at ? t("解除") : version.number === 1 ? t("划定") : t("修改");
    const button = el("button.link", { type: "button", "aria-pressed": "false", "data-version": version.number, title: t("在地图上看这一版") },
      `${longTime(version.recorded_at)} ${version.by} ${what} · ${t(LEVELS[version.level] ?? version.level)}`);
    button.addEventListener("click", () => {
      const again = this.#compared === version.number;
      this.#compared = again ? null : version.number;
      this.#given.compare(again ? [] : [{ geometry: version.geometry, title }]);
      for (const one of list.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button && !again));
    });
    return el("li", { value: version.number }, button, version.reason && el("p.soft", {}, version.reason));
  }

  #verbs(zone) {
    const { t, http, told, edit, hasMap } = this.#given;
    const problem = el("p.problem", { role: "alert", hidden: true });
    const reason = el("textarea", { name: "reason", rows: 2, maxlength: 200, "aria-label": t("解除原因"), placeholder: t("解除原因,例如:险情排除,会商决定") });
    const form = el("form", { hidden: true, onsubmit: async (event) => {
      event.preventDefault();
      if (!reason.value.trim()) {
        Object.assign(problem, { hidden: false, textContent: t("请写明解除原因。") });
        return reason.focus();
      }
      try {
        await http.post(`/api/zones/${zone.id}/lift`, { reason: reason.value });
        form.remove();
      } catch (error) {
        Object.assign(problem, { hidden: false, textContent: told(error) });
      }
      return undefined;
    } }, el("button.primary", { type: "submit" }, t("确认解除")));
    const ask = el("button", { type: "button", onclick: () => { form.prepend(reason); form.hidden = false; ask.hidden = true; reason.focus(); } }, t("解除"));
    return el("section.verbs", {}, el("div", {}, hasMap() && el("button", { type: "button", onclick: () => edit(zone) }, t("修改")), ask), form, problem);
  }
}
