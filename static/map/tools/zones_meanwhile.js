/** What somebody else did to the zone while it was being changed here; nothing of theirs is overwritten unseen. */

import { el } from "../dom.js";
import { longTime, shortTime } from "../format.js";
import { LEVELS } from "../words.js";

const FIELDS = [["name", "名称"], ["kind", "种类"], ["level", "等级"], ["valid_from", "生效时间"], ["valid_to", "失效时间"]];

export class Meanwhile {
  element = el("section.meanwhile", { role: "alert", hidden: true });
  #context;
  #owner;

  /**
   * @param {object} context see tools/index.js
   * @param {object} owner
   * @param {{key: string, name: string}[]} owner.kinds
   * @param {() => number} owner.version  the version that is being changed
   * @param {(version: number) => void} owner.rebase  save upon their version, knowing it
   * @param {(zone: any) => void} owner.takeTheirs
   * @param {() => void} owner.detach  go on as a new zone
   */
  constructor(context, owner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** Their change arrived over the socket. @param {any} zone */
  tell(zone) {
    return this.ask(zone.id);
  }

  /** Ask who did what, and show it. @param {string} id */
  async ask(id) {
    const { http, told, t } = this.#context;
    try {
      const { zone, versions } = await http.get(`/api/zones/${id}`);
      const base = versions.find(({ number }) => number === this.#owner.version());
      if (zone.state === "active") this.#changed(zone, versions[0], base);
      else this.#lifted(versions[0]);
    } catch (error) {
      this.#show(el("p", {}, error.status === 404 ? t("这个隐患区已不在您能看到的范围里。") : told(error)));
    }
  }

  #changed(zone, latest, base) {
    const { t, hazards } = this.#context;
    hazards.compare([{ geometry: zone.geometry, title: `${latest.by} · ${t("版本")} ${latest.number}` }]);
    this.#show(
      el("p", {}, t("您修改的同时,{by} 在 {time} 把它改成了版本 {number}。", { by: latest.by, time: longTime(latest.recorded_at), number: latest.number })),
      latest.reason && el("p.soft", {}, `${t("修改原因")}: ${latest.reason}`),
      ...FIELDS.filter(([key]) => base && base[key] !== latest[key]).map(([key, zh]) => el("p", {}, `${t(zh)}: ${this.#said(key, base)} → ${this.#said(key, latest)}`)),
      el("p.soft", {}, t("黑色虚线是对方的范围,蓝色实线是您的。您画的没有变。")),
      el("p.row", {},
        this.#button("rebase", "看过了,仍以我的为准", () => this.#owner.rebase(zone.version)),
        this.#button("theirs", "改用对方的", () => this.#owner.takeTheirs(zone))),
    );
  }

  #said(key, version) {
    const { t } = this.#context;
    if (key === "kind") return this.#owner.kinds.find((one) => one.key === version.kind)?.name ?? version.kind;
    if (key === "level") return t(LEVELS[version.level] ?? version.level);
    return key === "name" ? version.name : shortTime(version[key]) || t("未定");
  }

  #lifted(latest) {
    const { t } = this.#context;
    this.#show(
      el("p", {}, t("您修改的同时,{by} 在 {time} 解除了它。", { by: latest.by, time: longTime(latest.recorded_at) })),
      latest.reason && el("p.soft", {}, `${t("解除原因")}: ${latest.reason}`),
      el("p.row", {}, this.#button("detach", "把我画的另存为新的隐患区", () => this.#owner.detach())),
    );
  }

  #button(role, zh, act) {
    return el("button", { type: "button", "data-role": role, onclick: () => { this.#hide(); act(); } }, this.#context.t(zh));
  }

  #show(...content) {
    this.element.hidden = false;
    this.element.replaceChildren(...content.filter(Boolean));
    this.element.scrollIntoView({ block: "nearest" });
  }

  #hide() {
    this.element.hidden = true;
    this.#context.hazards.compare([]);
  }
}
