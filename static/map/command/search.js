/**
 * The search box: villages, townships, officers, shelters, warehouses, zones and reports, by characters,
 * pinyin or its initials. Arrows choose, Enter goes there, Escape closes. What is found is the server's
 * answer within the reader's own scope.
 */

import { colour } from "../../shared/colours.js";
import { el } from "../dom.js";
import { number } from "../format.js";

/** The reader rests this long before the server is asked, in ms. */
const REST_MS = 160;
const KINDS = { province: "省", prefecture: "市", city: "县", township: "乡镇", village: "村", person: "人员", shelter: "避难场所", store: "物资", zone: "隐患区", report: "报告" };
const ZOOMS = { village: 13, township: 11.5, report: 13.5, shelter: 14, store: 14, zone: 13, person: 13 };

export class Search {
  #given;
  #input;
  #list;
  #note = el("p.found-note", { role: "status", hidden: true });
  #timer = 0;
  #asking = null;
  #found = [];
  #active = -1;
  #marker = null;

  /**
   * @param {HTMLElement} place
   * @param {object} given
   * @param {any} given.map MapLibre's
   * @param {(path: string, options?: object) => Promise<any>} given.get
   * @param {(error: any) => string} given.told
   * @param {(zh: string, params?: object) => string} given.t
   * @param {(id: string) => void} given.openReport
   * @param {(object: string, id: string) => void} given.openPlace
   * @param {(title: string, ...content: any[]) => void} given.openCard
   */
  constructor(place, given) {
    this.#given = given;
    const { t } = given;
    this.#list = el("ul", { id: "found", role: "listbox", "aria-label": t("检索结果"), hidden: true });
    this.#input = el("input", { type: "search", id: "find", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: 40, enterkeyhint: "search",
      placeholder: t("村、乡镇、人员、场所、编号"), title: t("可输汉字、拼音或首字母,如 lwc;按 / 到这里"), "aria-label": t("在地图上检索"), "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
      oninput: () => this.#soon(), onkeydown: (event) => this.#key(event), onfocus: () => this.#found.length && this.#open(true) });
    place.append(this.#input, this.#list, this.#note);
    place.addEventListener("focusout", ({ relatedTarget }) => {
      if (place.contains(relatedTarget)) return;
      this.#open(false);
      this.#note.hidden = true;
    });
  }

  /** Go to the box. */
  focus() {
    this.#input.focus();
    this.#input.select();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    if (!this.#input.value.trim()) return this.#show([], "");
    this.#timer = setTimeout(() => this.#ask(), REST_MS);
    return undefined;
  }

  async #ask() {
    const { get, told, t } = this.#given;
    const asking = (this.#asking = new AbortController());
    const asked = this.#input.value.trim();
    try {
      const { found } = await get(`/api/map/search?q=${encodeURIComponent(asked)}`, { signal: asking.signal });
      if (!asking.signal.aborted) this.#show(found, found.length ? "" : /^[a-z]$/i.test(asked) ? t("再输一个字母") : t("没有找到,或不在您的范围内"));
    } catch (error) {
      if (!asking.signal.aborted) this.#show([], told(error));
    }
  }

  #show(found, note) {
    const { t } = this.#given;
    this.#found = found;
    this.#list.replaceChildren(...found.map((one, at) => el("li", { id: `found-${at}`, role: "option", "aria-selected": "false", "data-kind": one.kind, "data-key": one.key,
      onpointerdown: (event) => event.preventDefault(), onclick: () => this.#go(at) },
    el("span.kind", {}, t(KINDS[one.kind] ?? one.kind)), el("b", {}, one.name), el("small", {}, [one.where, one.kind === "person" || one.kind === "zone" || one.kind === "shelter" || one.kind === "store" ? one.note : "", one.phone].filter(Boolean).join(" · ")))));
    this.#note.textContent = note;
    this.#note.hidden = !note;
    this.#choose(found.length ? 0 : -1);
    this.#open(found.length > 0);
  }

  #open(open) {
    this.#list.hidden = !open;
    this.#input.setAttribute("aria-expanded", String(open));
  }

  #choose(at) {
    this.#active = at;
    [...this.#list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    if (at < 0) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", `found-${at}`);
    this.#list.children[at].scrollIntoView({ block: "nearest" });
    return undefined;
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) {
      this.#open(true);
      this.#choose((this.#active + step + this.#found.length) % this.#found.length);
    } else if (event.key === "Enter" && this.#active >= 0) this.#go(this.#active);
    else if (event.key === "Escape") this.#leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #leave() {
    if (!this.#list.hidden) this.#open(false);
    else {
      this.#input.value = "";
      this.#show([], "");
      this.#marker?.remove();
      this.#input.blur();
    }
  }

  /** Fly there and open its card. */
  #go(at) {
    const one = this.#found[at];
    const { map, openReport, openPlace } = this.#given;
    this.#open(false);
    this.#marker?.remove();
    if (one.box && one.box[0] < one.box[2]) {
      map.fitBounds(one.box, { padding: 60, maxZoom: 14 });
    } else if (one.lon !== null) map.flyTo({ center: [one.lon, one.lat], zoom: Math.max(map.getZoom(), ZOOMS[one.kind] ?? 10), maxDuration: 1500 });
    if (one.lon !== null) this.#marker = new map.maplibre.Marker({ color: colour("accent") }).setLngLat([one.lon, one.lat]).addTo(map);
    document.documentElement.dataset.found = `${one.kind}:${one.key}`;
    if (one.kind === "report") return openReport(one.key);
    if (one.kind === "shelter" || one.kind === "zone") return openPlace(one.kind, one.key);
    if (one.kind === "person") return this.#person(one);
    if (one.kind === "store") return this.#card(one.name, [["种类", one.note], ["所在", one.where]], [el("p", {}, el("a", { href: "/stock/" }, this.#given.t("打开物资页")))]);
    return this.#area(one.key);
  }

  #person(one) {
    this.#card(one.name, [["岗位", one.note], ["所在", one.where], ["电话", one.phone || "—"]],
      [el("p.soft", {}, this.#given.t("号码已掩码;要打电话请到值班页,查看号码会留下记录。"))]);
  }

  async #area(code) {
    const { get, told, openCard, t } = this.#given;
    try {
      const area = await get(`/api/map/areas/${code}`);
      const people = area.people.map(({ name, role, phone }) => el("li", {}, el("b", {}, name), ` ${role} ${phone}`));
      this.#card(area.name, [["级别", area.level], ["上级", area.above || "—"], ["人口", area.population === null ? "—" : number(area.population)],
        ...(area.villages === null ? [] : [["村(社区)", number(area.villages)]]), ["区划代码", area.code]],
      [people.length ? el("h3", {}, t("谁在岗")) : "", people.length ? el("ul.people", {}, ...people) : "", area.approximate ? el("p.soft", {}, t("模拟位置")) : ""]);
    } catch (error) {
      openCard(t("检索"), el("p.problem", { role: "alert" }, told(error)));
    }
  }

  #card(title, rows, more) {
    const { t, openCard } = this.#given;
    openCard(title, el("dl.table", {}, ...rows.map(([zh, value]) => el("div", {}, el("dt", {}, t(zh)), el("dd", {}, value)))), ...more);
  }
}
