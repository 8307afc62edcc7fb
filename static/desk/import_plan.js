/** How the file is to be read: kind, datum, columns, and what holds for all rows. */

import { el } from "../shared/dom.js";

const DATUMS = ["wgs84", "cgcs2000", "gcj02", "bd09"];

export class Plan {
  #place;
  #file;
  #changed;
  #t;

  /**
   * @param {HTMLElement} place
   * @param {any} file  the answer of `POST /api/map/imports`
   * @param {() => void} changed
   * @param {(zh: string, params?: any) => string} t
   */
  constructor(place, file, changed, t) {
    this.#place = place;
    this.#file = file;
    this.#changed = changed;
    this.#t = t;
    this.value = { kind: file.kind, columns: {}, constants: {}, crs: file.declared, repair: false };
    this.#ofKind(file.kind);
  }

  /** Choose a datum. @param {string} crs */
  choose(crs) {
    this.value.crs = crs;
    this.#show();
    this.#changed();
  }

  /** What a field is called. @param {string} name */
  titleOf(name) {
    const t = this.#t;
    const own = { row: t("行"), area: t("行政区划"), shape: t("图形"), crs: t("坐标系") };
    return own[name] ?? this.#fields.find((field) => field.name === name)?.title ?? name;
  }

  /** The word of a code, else itself. @param {string} value */
  said(value) {
    for (const { choices } of this.#fields) {
      const found = choices.find(([code]) => code === value);
      if (found) return found[1];
    }
    return value;
  }

  get #fields() {
    return this.#file.kinds.find(({ name }) => name === this.value.kind).fields;
  }

  #ofKind(kind) {
    this.value = { ...this.value, kind, columns: { ...this.#file.guesses[kind] }, constants: {} };
    this.#show();
  }

  #show() {
    const t = this.#t;
    this.#place.replaceChildren(
      el("h2", {}, t("如何读取")),
      el("label.field", {}, t("内容"), this.#kinds()),
      this.#datums(),
      el("table.fields", {},
        el("thead", {}, el("tr", {}, el("th", {}, t("项目")), el("th", {}, t("文件中的列")), el("th", {}, t("空缺时全部取")))),
        el("tbody", {}, ...this.#fields.map((field) => this.#row(field)))),
      el("label.check", {}, this.#repair(), " ", t("自动修正有错的图形(面积变化很小时)")),
    );
  }

  #kinds() {
    const select = el("select", { id: "kind", onchange: () => { this.#ofKind(select.value); this.#changed(); } },
      ...this.#file.kinds.map(({ name, title }) => el("option", { value: name, selected: name === this.value.kind }, title)));
    return select;
  }

  #datums() {
    const t = this.#t;
    const titles = { wgs84: t("WGS-84(GPS)"), cgcs2000: t("国家2000(CGCS2000)"), gcj02: t("火星坐标(GCJ-02)"), bd09: t("百度坐标(BD-09)") };
    const usable = this.#file.projected ? DATUMS.slice(0, 2) : DATUMS;
    return el("fieldset", {}, el("legend", {}, t("坐标系")),
      this.#file.projected && el("p.soft", {}, t("文件是投影坐标,已换算为经纬度")),
      this.#file.declared && el("p.soft", {}, t("文件写明:{name}", { name: titles[this.#file.declared] })),
      ...usable.map((crs) => el("label", {},
        el("input", { type: "radio", name: "crs", value: crs, checked: crs === this.value.crs, onchange: () => this.choose(crs) }), " ", titles[crs])));
  }

  #row(field) {
    return el("tr", {},
      el("td", {}, field.title, field.needed && el("span.bad", {}, " *")),
      el("td", {}, this.#column(field)),
      el("td", {}, ["lon", "lat", "name", "area"].includes(field.name) ? "" : this.#constant(field)));
  }

  #column(field) {
    const chosen = this.value.columns[field.name] ?? "";
    const select = el("select", { "data-column": field.name, "aria-label": field.title, onchange: () => this.#set("columns", field.name, select.value) },
      el("option", { value: "" }, "—"),
      ...Object.entries(this.#file.columns).map(([name, samples]) =>
        el("option", { value: name, selected: name === chosen }, samples.length ? `${name}(${samples[0]})` : name)));
    return select;
  }

  #constant(field) {
    const own = this.value.constants[field.name] ?? "";
    const listen = { "data-constant": field.name, "aria-label": this.#t("{title},全部取", { title: field.title }), onchange: (event) => this.#set("constants", field.name, event.target.value) };
    if (!field.choices.length) return el("input", { ...listen, value: own, maxlength: 60 });
    return el("select", listen, el("option", { value: "" }, "—"),
      ...field.choices.map(([code, word]) => el("option", { value: code, selected: code === own }, word)));
  }

  #repair() {
    const box = el("input", { type: "checkbox", id: "repair", checked: this.value.repair, onchange: () => { this.value.repair = box.checked; this.#changed(); } });
    return box;
  }

  #set(part, name, value) {
    if (value) this.value[part][name] = value;
    else delete this.value[part][name];
    this.#changed();
  }
}
