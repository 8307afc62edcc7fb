/** 导出: a part of the map as a file for other programs. */

import { el } from "../dom.js";
import { download } from "../../shared/download.js";
import { holds } from "../rights.js";
import { inside } from "../draw/rings.js";
import { Marker } from "./select_shape.js";

const ROLES = ["reviewer", "coordinator", "leader", "auditor"];
const FORMS = [["geojson", "GeoJSON"], ["gpkg", "GeoPackage"], ["shp", "Shapefile"], ["kml", "KML"], ["csv", "CSV + HXL"]];

export default {
  id: "select",
  title: "导出",
  mayUse: (me) => holds(me, ROLES),

  open(context, panel) {
    const tool = new Tool(context, panel);
    return () => tool.close();
  },
};

class Tool {
  #context;
  #panel;
  #marker;
  #offered = [];

  constructor(context, panel) {
    this.#context = context;
    this.#panel = panel;
    this.#marker = new Marker(context.map, () => this.#saidShape());
    panel.append(el("h2", {}, context.t("导出")), el("p.soft", { role: "status" }, context.t("正在载入…")));
    context.http.get("/api/map/collections").then(
      ({ collections }) => { this.#offered = collections; this.#show(); },
      (error) => this.#say(context.told(error), true),
    );
  }

  close() {
    this.#marker.remove();
  }

  #show() {
    const { t, places } = this.#context;
    const where = el("select", { name: "where", onchange: () => this.#where(where.value) },
      el("option", { value: "all" }, t("全部")), el("option", { value: "view" }, t("当前窗口")),
      el("option", { value: "box" }, t("在地图上拖出方框")), el("option", { value: "lasso" }, t("在地图上用套索圈选")), el("option", { value: "polygon" }, t("在地图上逐点画多边形")),
      ...places.ofLevel("township").map(({ code, name }) => el("option", { value: code }, name)));
    this.#panel.replaceChildren(
      el("h2", {}, t("导出")),
      el("fieldset", {}, el("legend", {}, t("内容")), ...this.#offered.map(({ name, title }, at) =>
        el("label", {}, el("input", { type: "checkbox", name: "collection", value: name, checked: at > 0, onchange: () => this.#offerFilters() }), " ", title))),
      el("label", {}, t("范围"), where),
      el("p.soft", { "data-role": "shape" }),
      el("details", {}, el("summary", {}, t("只要其中一部分")), el("label", {}, t("项目"), el("select", { name: "property", onchange: () => this.#offerValues() })),
        el("label", {}, t("等于"), el("input", { name: "value", maxlength: 60 }))),
      el("label", {}, t("格式"), el("select", { name: "form" }, ...FORMS.map(([value, title]) => el("option", { value }, title)))),
      el("p.row", {}, el("button.main", { type: "button", onclick: () => this.#export() }, t("导出文件"))),
      el("p.soft", { role: "status" }),
      el("p.soft", {}, el("a", { href: "/tokens/" }, t("让 QGIS 等软件直接读取"))),
    );
    this.#offerFilters();
  }

  #offerFilters() {
    const chosen = this.#chosen();
    const options = this.#offered.filter(({ name }) => chosen.includes(name)).flatMap(({ name, title, fields }) =>
      fields.map((field) => el("option", { value: `${name}.${field.name}` }, `${title}:${field.title}`)));
    this.#of("property").replaceChildren(el("option", { value: "" }, "—"), ...options);
    this.#offerValues();
  }

  /** A property with a list of its own is chosen from it. */
  #offerValues() {
    const [collection, property] = this.#of("property").value.split(".");
    const fields = this.#offered.find(({ name }) => name === collection)?.fields ?? [];
    const choices = fields.find(({ name }) => name === property)?.choices ?? [];
    this.#of("value").replaceWith(choices.length
      ? el("select", { name: "value" }, ...choices.map(([code, word]) => el("option", { value: code }, word)))
      : el("input", { name: "value", maxlength: 60 }));
  }

  #where(value) {
    this.#marker.clear();
    if (value === "box") this.#marker.box();
    if (value === "lasso") this.#marker.lasso();
    if (value === "polygon") this.#marker.polygon();
    this.#saidShape();
  }

  #saidShape() {
    const { t } = this.#context;
    const place = this.#panel.querySelector("[data-role=shape]");
    if (!place) return;
    const hints = { lasso: t("按住鼠标或手指,圈住要选的地方。"), box: t("按住鼠标拖出一个方框。"), polygon: t("逐点单击,双击结束;Esc 重画。") };
    place.textContent = this.#marker.shape ? this.#holds(this.#marker.shape) : hints[this.#of("where").value] ?? "";
  }

  /** What lies in the selection, of what the map shows now. */
  #holds(shape) {
    const { t, store, places } = this.#context;
    const [ring] = shape.type === "Polygon" ? shape.coordinates : shape.coordinates[0];
    const within = (point) => point && inside(point, ring);
    const many = {
      reports: store.all("report").filter((one) => !one.superseded_by && within(places.pointOf(one))).length,
      shelters: store.all("shelter").filter(({ lon, lat }) => within([lon, lat])).length,
      villages: places.ofLevel("village").filter(({ lon, lat }) => within([lon, lat])).length,
    };
    return t("范围已画好:报告 {reports} 份、避难场所 {shelters} 处、村 {villages} 个。", many);
  }

  async #export() {
    const { t, told } = this.#context;
    const where = this.#of("where").value;
    if (["box", "lasso", "polygon"].includes(where) && !this.#marker.shape) return this.#say(t("请先在地图上画出范围。"), true);
    const button = this.#panel.querySelector("button.main");
    button.disabled = true;
    this.#say(t("正在生成…"));
    try {
      const name = await download("/api/map/export", {
        collections: this.#chosen(),
        form: this.#of("form").value,
        outline: where === "view" ? viewOf(this.#context.map) : this.#marker.shape,
        area: /^\d{12}$/.test(where) ? where : "",
        filters: this.#filters(),
      });
      this.#say(t("已导出") + ` ${name}`);
    } catch (error) {
      this.#say(told(error), true);
    }
    button.disabled = false;
    return undefined;
  }

  #chosen() {
    return [...this.#panel.querySelectorAll("[name=collection]:checked")].map(({ value }) => value);
  }

  #filters() {
    const [collection, property] = this.#of("property").value.split(".");
    return property ? { [collection]: { [property]: this.#of("value").value.trim() } } : {};
  }

  #of(name) {
    return this.#panel.querySelector(`[name=${name}]`);
  }

  #say(text, wrong = false) {
    const place = this.#panel.querySelector("[role=status]");
    place.textContent = text;
    place.className = wrong ? "wrong" : "soft";
  }
}

/** What the window shows, as a polygon. */
function viewOf(map) {
  const bounds = map.getBounds();
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  return { type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}
