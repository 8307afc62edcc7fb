/** 打印: the window as a proper sheet, with title, legend, scale, north, date, source and secrecy mark. */

import { el } from "../dom.js";
import { holds } from "../rights.js";
import { download } from "../../shared/download.js";

const ROLES = ["reviewer", "coordinator", "leader", "auditor"];
const PRINTED = ["townships", "villages", "zones", "closures", "roads", "shelters", "reports"];

export default {
  id: "print",
  title: "打印",
  group: "more",
  key: "p",
  mayUse: (me) => holds(me, ROLES),

  open(context, panel) {
    const { t, told, map, command } = context;
    const title = el("input", { name: "title", maxlength: 40, value: t("灾情形势图") });
    const size = el("select", { name: "size" }, el("option", { value: "A4" }, "A4"), el("option", { value: "A3" }, "A3"));
    const form = el("select", { name: "form" }, el("option", { value: "pdf" }, "PDF"), el("option", { value: "png" }, "PNG"));
    const secret = el("input", { type: "checkbox", name: "secret", checked: true });
    const said = el("p.soft", { role: "status" });
    const button = el("button.main", { type: "button", onclick: print }, t("生成图纸"));
    panel.append(el("h2", {}, t("打印当前窗口")), el("label", {}, t("标题"), title), el("label", {}, t("纸张(横向)"), size), el("label", {}, t("格式"), form),
      el("label", {}, secret, " ", t("注明“内部资料 注意保密”")), el("p.row", {}, button),
      el("p.soft", {}, t("印出当前窗口里打开的图层,按所选时刻和筛选;带图例、比例尺、指北针和方里网。")), said);

    async function print() {
      const bounds = map.getBounds();
      const { filter, moment } = command.state();
      const body = {
        west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth(), title: title.value,
        layers: command.layers.shown.filter((name) => PRINTED.includes(name)), size: size.value, form: form.value, moment, secret: secret.checked,
        township: filter.township, hazard: filter.hazard, kind: filter.kind, ...(/^[0-9a-f-]{36}$/.test(filter.event) ? { event: filter.event } : {}),
      };
      button.disabled = true;
      said.className = "soft";
      said.textContent = t("正在生成…");
      try {
        said.textContent = `${t("已导出")} ${await download("/api/map/print", body)}`;
      } catch (error) {
        said.className = "wrong";
        said.textContent = told(error);
      }
      button.disabled = false;
    }
    return () => {};
  },
};
