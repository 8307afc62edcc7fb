/** What somebody else did to the zone while it was being changed here; nothing of theirs is overwritten unseen. */

import { el } from "../dom.js";
import { longTime } from "../format.js";

export class Meanwhile {
  element = el("section.meanwhile", { role: "alert", hidden: true });
  #context;
  #owner;

  /**
   * @param {object} context see tools/index.js
   * @param {object} owner
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
      const { zone, versions: [latest] } = await http.get(`/api/zones/${id}`);
      if (zone.state === "active") this.#changed(zone, latest);
      else this.#lifted(latest);
    } catch (error) {
      this.#show(el("p", {}, error.status === 404 ? t("这个隐患区已不在您能看到的范围里。") : told(error)));
    }
  }

  #changed(zone, latest) {
    const { t, hazards } = this.#context;
    hazards.compare([{ geometry: zone.geometry, title: `${latest.by} · ${t("版本")} ${latest.number}` }]);
    this.#show(
      el("p", {}, t("您修改的同时,{by} 在 {time} 把它改成了版本 {number}。", { by: latest.by, time: longTime(latest.recorded_at), number: latest.number })),
      latest.reason && el("p.soft", {}, `${t("修改原因")}: ${latest.reason}`),
      el("p.soft", {}, t("黑色虚线是对方的范围,蓝色实线是您的。您画的没有变。")),
      el("p.row", {},
        this.#button("rebase", "看过了,仍以我的为准", () => this.#owner.rebase(zone.version)),
        this.#button("theirs", "改用对方的", () => this.#owner.takeTheirs(zone))),
    );
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
