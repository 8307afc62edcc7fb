/**
 * One object in full: all figures with names and units, the five times, versions, photos, and what
 * the reader may do with it. Opening an unread report as a reviewer marks it 已阅.
 */

import { el } from "../dom.js";
import { longTime, number } from "../format.js";
import { tripPanel } from "./trip.js";
import { KINDS, METHODS, SHELTER_STATES, STATES } from "../words.js";

const TIMES = [["occurred_at", "发生"], ["discovered_at", "发现"], ["submitted_at", "提交"], ["received_at", "接收"], ["passed_at", "乡镇审核"], ["approved_at", "县级核定"]];

/** "+0.4", "-12.0", "0.0". @param {number} seconds */
function signed(seconds) {
  const tenths = Math.round(seconds * 10) / 10;
  return `${tenths > 0 ? "+" : ""}${(tenths || 0).toFixed(1)}`;
}

export class Detail {
  #element;
  #shown = null;
  /** @type {any} the view of the shelter or zone shown */
  #place = null;
  #asked = 0;

  /**
   * @param {HTMLElement} element
   * @param {object} given
   * @param {import("../store.js").Store} given.store
   * @param {import("../places.js").Places} given.places
   * @param {any[]} given.indicators  the catalogue's rows, named in the reader's language
   * @param {(key: string) => string} given.hazard
   * @param {(area: string) => boolean} given.mayReview
   * @param {{get: Function, post: Function}} given.http  JSON in and out; throws what `told` can read
   * @param {import("./zone.js").ZonePanel} given.zone  what a zone's panel holds
   * @param {(key: string) => {name: string, unit: string}} given.item  what goods are called
   * @param {(report: any) => void} given.closeRoad  the report says that a road is closed
   * @param {(id: string) => void} given.goTo  open another version
   * @param {() => void} given.close
   * @param {(error: any) => string} given.told  the sentence of a refusal
   * @param {(zh: string) => string} given.t
   */
  constructor(element, given) {
    this.#element = element;
    Object.assign(this, given);
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** The id of the report shown, if any. */
  get shown() {
    return this.#shown;
  }

  /** Show a report; marks it seen when the reader reviews its area. @param {string} id */
  async open(id) {
    this.#leavePlace();
    this.#shown = id;
    const ask = ++this.#asked;
    const known = this.store.objects.get(`report:${id}`);
    if (known) this.#show(known, null);
    try {
      const { report, history } = await this.http.get(`/api/reports/${id}`);
      if (ask !== this.#asked || this.#writes(id)) return;
      this.#show(report, history);
      if (report.state !== "stored" || !this.mayReview(report.area)) return;
      const seen = await this.http.post(`/api/reports/${id}/seen`, {});
      if (ask === this.#asked && !this.#writes(id)) this.#show(seen, history);
    } catch (error) {
      if (ask === this.#asked && !this.#writes(id)) this.#frame(this.t("报告"), el("p.problem", { role: "alert" }, this.told(error)), known && this.#body(known, null));
    }
  }

  /** The report shown has changed: read it again, unless a remark is being written. */
  refresh() {
    if (this.#shown && !this.#writes(this.#shown)) this.#reload(this.#shown);
  }

  /** Whether a remark on this report is being written: an answer that comes meanwhile must not wipe it out. */
  #writes(id) {
    return this.#element.dataset.report === id && this.#element.querySelector("textarea") !== null;
  }

  /** Show a shelter, a zone or a lorry. @param {any} view */
  openPlace(view) {
    this.#leavePlace();
    this.#shown = null;
    this.#asked += 1;
    this.#place = view;
    const { t } = this;
    if (view.object === "zone") this.#frame(view.name, ...this.zone.content(view));
    else if (view.object === "trip") this.#frame(`${view.plate} · ${view.number}`, ...tripPanel(view, this.item, t));
    else this.#frame(view.name, this.#table([["所在", this.places.fullName(view.area)], ["状态", `${t(SHELTER_STATES[view.state] ?? view.state)}${view.reason ? ` · ${view.reason}` : ""}`],
      ["可容纳", `${number(view.capacity ?? 0)} ${t("人")}`], ["已安置", `${number(view.occupancy ?? 0)} ${t("人")}${view.filling ? ` · ${t("将满")}` : ""}`],
      ["地址", view.address || "—"]]), el("p", {}, el("a", { href: `/shelters/${view.id}/` }, t("打开场所页"))));
  }

  /** Show what a tool has to tell of a place. @param {string} title @param {...any} content */
  openCard(title, ...content) {
    this.clear();
    this.#frame(title, ...content);
  }

  /** The place shown may have changed: show it anew, unless a reason is being written. */
  refreshPlace() {
    const now = this.#place && this.store.objects.get(`${this.#place.object}:${this.#place.id}`);
    if (now && now !== this.#place && !this.#element.querySelector("textarea")) this.openPlace(now);
  }

  #leavePlace() {
    this.#place = null;
    this.zone.away();
  }

  /** Empty the panel. */
  clear() {
    this.#leavePlace();
    this.#shown = null;
    this.#asked += 1;
    this.#element.hidden = true;
    this.#element.replaceChildren();
  }

  async #reload(id) {
    const ask = ++this.#asked;
    try {
      const { report, history } = await this.http.get(`/api/reports/${id}`);
      if (ask === this.#asked && !this.#writes(id)) this.#show(report, history);
    } catch {
      // What is shown stays; the light says that the line is gone.
    }
  }

  #frame(title, ...content) {
    const held = this.#element.contains(document.activeElement);
    const close = el("button.close", { type: "button", "aria-label": this.t("关闭"), onclick: () => this.close() }, "×");
    const fresh = this.#element.hidden;
    this.#element.replaceChildren(el("header", {}, el("h2", { tabindex: "-1" }, title), close), el("div.scroll", {}, ...content.filter(Boolean)));
    this.#element.hidden = false;
    this.#element.classList.toggle("place", this.#place !== null);
    if (fresh || held) this.#element.querySelector("h2").focus({ preventScroll: true });
  }

  #show(report, history) {
    this.#element.dataset.report = report.id;
    this.#element.dataset.state = report.state;
    this.#frame(this.places.fullName(report.area), ...this.#body(report, history));
  }

  #body(report, history) {
    const { t } = this;
    const event = this.store.objects.get(`event:${report.event}`);
    return [
      el("p.head", {}, el(`span.tag.state-${report.state}`, {}, t(STATES[report.state] ?? report.state)),
        ` ${this.hazard(report.hazard)} · ${t(KINDS[report.kind] ?? report.kind)} · ${report.number}`),
      report.remark && el("p.remark", {}, `${t("退回意见")} · ${report.remark}`),
      report.superseded_by && this.#jump("已被更新:看新版", report.superseded_by),
      report.crosses && this.#jump("与另一版交叉:看那一版", report.crosses),
      report.text && el("p.text", {}, report.text),
      el("h3", {}, t("损失数字")),
      this.#figures(report),
      this.#photos(report),
      this.#voices(report),
      el("h3", {}, t("时间")),
      this.#table(TIMES.map(([key, zh]) => [zh, longTime(report[key]) || "—"])),
      el("h3", {}, t("来源")),
      this.#table([["报告人", report.by], ["灾害过程", event?.name ?? (report.event ? "…" : t("未归入过程"))], ["位置", this.#position(report)],
        ["手机时钟", `${signed(report.clock_skew_s)} ${t("秒")}`]]),
      history && history.length > 1 && this.#history(report, history),
      this.mayReview(report.area) && el("p.doors", {}, el("a", { href: `/review/${report.id}/` }, t("打开审核页")), " ",
        el("button.link", { type: "button", "data-role": "close-road", onclick: () => this.closeRoad(report) }, t("这里断路了"))),
      this.mayReview(report.area) && !report.superseded_by && ["stored", "seen", "passed"].includes(report.state) && this.#verbs(report),
    ].filter(Boolean);
  }

  #table(rows) {
    return el("dl.table", {}, ...rows.map(([zh, value]) => el("div", {}, el("dt", {}, this.t(zh)), el("dd", {}, value))));
  }

  #figures({ figures }) {
    const given = this.indicators.filter(({ key }) => figures[key] !== undefined);
    if (!given.length) return el("p.quiet", {}, this.t("没有填报数字"));
    return el("dl.table.figures", {}, ...given.map(({ key, name, unit, parent }) =>
      el(parent ? "div.part" : "div", { "data-key": key }, el("dt", {}, name), el("dd", {}, el("b", {}, number(figures[key])), ` ${unit}`))));
  }

  #photos({ photos, photos_stored: stored, photo_flags: flags }) {
    if (!photos.length) return null;
    const { t } = this;
    return el("div.photos", {}, ...photos.map((hash, at) => stored.includes(hash)
      ? el("figure", {}, el("a", { href: `/api/photos/${hash}?size=full`, target: "_blank", rel: "noopener" },
        el("img", { src: `/api/photos/${hash}?size=thumb`, alt: `${t("照片")} ${at + 1}`, loading: "lazy" })), this.#odd(flags?.[hash]))
      : el("span.waiting", {}, t("照片在路上"))));
  }

  /** What is odd about a photo's place and time. */
  #odd(flag) {
    if (!flag) return "";
    const { t } = this;
    return el("figcaption", {}, ...[
      flag.far_m !== null && `${t("拍摄位置距报告")} ${number((flag.far_m / 1000).toFixed(1))} ${t("千米")}`,
      flag.hours_off !== null && `${t("拍摄时间相差")} ${number(Math.round(flag.hours_off))} ${t("小时")}`,
    ].filter(Boolean).map((words) => el("p", {}, words)));
  }

  #voices({ voices = [], voices_stored: stored = [] }) {
    if (!voices.length) return null;
    const { t } = this;
    return el("div.voices", {}, ...voices.map((hash, at) => stored.includes(hash)
      ? el("audio", { controls: true, preload: "none", src: `/api/voices/${hash}`, "aria-label": `${t("语音")} ${at + 1}` })
      : el("span.waiting", {}, t("语音在路上"))));
  }

  #position({ lon, lat, accuracy_m: accuracy, method }) {
    if (lon === null || lat === null) return this.t("无定位,按村点位显示");
    const how = this.t(METHODS[method] ?? method ?? "");
    return `${lon.toFixed(5)}, ${lat.toFixed(5)} ${how}${accuracy ? ` ±${number(Math.round(accuracy))} ${this.t("米")}` : ""}`;
  }

  #jump(zh, id) {
    return el("p", {}, el("button.link", { type: "button", onclick: () => this.goTo(id) }, this.t(zh)));
  }

  #history(report, history) {
    const { t } = this;
    return el("section", {}, el("h3", {}, `${t("各版本")} · ${history.length}`), el("ol.versions", {}, ...[...history].reverse().map((version) =>
      el(version.id === report.id ? "li.here" : "li", {}, el("button.link", { type: "button", onclick: () => this.goTo(version.id) },
        `${longTime(version.received_at)} ${t(KINDS[version.kind] ?? version.kind)} · ${version.by} · ${t(STATES[version.state] ?? version.state)}`)))));
  }

  #verbs(report) {
    const { t } = this;
    const problem = el("p.problem", { role: "alert", hidden: true });
    const tell = (error) => { problem.hidden = false; problem.textContent = this.told(error); };
    const remark = el("textarea", { name: "remark", rows: 3, maxlength: 500, "aria-label": t("退回意见"), placeholder: t("写明哪里要改,例如:倒塌房屋数与户数不符") });
    const form = el("form.return", { hidden: true, onsubmit: async (event) => {
      event.preventDefault();
      try {
        const view = await this.http.post(`/api/reports/${report.id}/return`, { remark: remark.value });
        remark.remove();
        this.#show(view, null);
        this.refresh();
      } catch (error) { tell(error); }
    } }, el("button.primary", { type: "submit" }, t("确认退回")));
    const ask = el("button", { type: "button", onclick: () => { form.prepend(remark); form.hidden = false; ask.hidden = true; remark.focus(); } }, t("退回"));
    const seen = report.state === "stored" && el("button.primary", { type: "button", onclick: async () => {
      try { this.#show(await this.http.post(`/api/reports/${report.id}/seen`, {}), null); } catch (error) { tell(error); }
    } }, t("已阅"));
    return el("section.verbs", {}, el("div", {}, seen, ask), form, problem);
  }
}
