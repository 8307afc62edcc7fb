/** 路线: a way that keeps clear of zones and closed roads, found anew whenever they change. */

import { el } from "../dom.js";
import { onTap } from "../draw/tap.js";
import { number } from "../format.js";
import { holds } from "../rights.js";
import { RouteLines } from "./routes_lines.js";

const ROLES = ["officer", "reviewer", "coordinator", "keeper", "leader", "auditor"];
const OTHERS = 2;
const RINGS = "15,30,60";

export default {
  id: "routes",
  title: "路线",
  mayUse: (me) => holds(me, ROLES),
  open: (context, panel) => new Tool(context, panel),
};

class Tool {
  #context;
  #lines;
  #stop;
  /** @type {{start: [number, number] | null, end: [number, number] | null}} */
  #ends = { start: null, end: null };
  #next = "start";
  #asked = 0;
  /** @type {any[]} */
  #routes = [];
  #chosen = 0;
  #rings = false;
  #list = el("ol.routes");
  #say = el("p", { role: "status", "data-role": "verdict" });
  #hint = el("p.soft");
  #selects = {};

  constructor(context, panel) {
    this.#context = context;
    const { t, map } = context;
    this.#lines = new RouteLines(map);
    this.#stop = onTap(map, (place) => this.#put(this.#next, place));
    panel.append(
      el("h2", {}, t("路线")), this.#hint,
      el("label", {}, t("起点"), this.#choice("start")), el("label", {}, t("终点"), this.#choice("end")),
      el("p.row", {}, el("button", { type: "button", onclick: () => this.#turn() }, t("对调")),
        el("label.check", {}, el("input", { type: "checkbox", name: "rings", onchange: (event) => { this.#rings = event.target.checked; this.#reach(); } }), " ", t("从起点15、30、60分钟可到"))),
      this.#say, this.#list,
      el("p.soft", {}, t("按道路等级估算,避开生效的隐患区和断路;变化时自动重算。出发前请再与当地核实。")));
    this.#shown();
  }

  close() {
    this.#asked += 1;
    this.#stop();
    this.#lines.remove();
    delete document.documentElement.dataset.route;
  }

  /** Zones or closed roads changed: what is under way is found anew. @param {import("../store.js").Diff} diff */
  paint({ moves }) {
    if (!moves.some(({ key }) => key.startsWith("closure:") || key.startsWith("zone:"))) return;
    this.#ask(true);
    this.#reach();
  }

  #choice(end) {
    const { t, places, store } = this.#context;
    const option = (value, name) => el("option", { value }, name);
    const shelters = store.all("shelter").filter(({ lon }) => Number.isFinite(lon));
    const groups = places.ofLevel("township").map(({ code, name }) => el("optgroup", { label: name },
      ...places.ofLevel("village").filter((one) => one.parent === code && Number.isFinite(one.lon)).map((one) => option(`${one.lon},${one.lat}`, one.name))));
    const select = el("select", { name: end, onchange: () => select.value && this.#put(end, select.value.split(",").map(Number)) },
      option("", t("在地图上点,或在此选择")), el("optgroup", { label: t("避难场所") }, ...shelters.map((one) => option(`${one.lon},${one.lat}`, one.name))), ...groups);
    this.#selects[end] = select;
    return select;
  }

  #put(end, place) {
    this.#ends[end] = place;
    this.#next = end === "start" && !this.#ends.end ? "end" : this.#ends.start ? "end" : "start";
    const select = this.#selects[end];
    const value = place.join(",");
    if (select.value !== value) select.value = "";
    this.#shown();
    this.#ask(false);
    if (end === "start") this.#reach();
  }

  #turn() {
    const { start, end } = this.#ends;
    this.#ends = { start: end, end: start };
    [this.#selects.start.value, this.#selects.end.value] = [this.#selects.end.value, this.#selects.start.value];
    this.#shown();
    this.#ask(false);
    this.#reach();
  }

  #shown() {
    const { t } = this.#context;
    this.#lines.ends(this.#ends);
    this.#hint.textContent = this.#next === "start" ? t("在地图上点起点。") : t("在地图上点终点;再点可以换。");
  }

  async #ask(again) {
    const { start, end } = this.#ends;
    if (!start || !end) return;
    const { http, t, told } = this.#context;
    const ask = ++this.#asked;
    const before = this.#routes[0];
    if (!again) this.#tell(t("正在计算…"));
    try {
      const { routes } = await http.get(`/api/routes?start=${start}&end=${end}&alternatives=${OTHERS}`);
      if (ask !== this.#asked) return;
      this.#routes = routes;
      this.#chosen = 0;
      this.#paintRoutes();
      const changed = again && before && JSON.stringify(before.geometry) !== JSON.stringify(routes[0].geometry);
      this.#verdict(routes[0], changed ? before : null);
    } catch (error) {
      if (ask === this.#asked) this.#tell(told(error), "wrong");
    }
  }

  #verdict(route, before) {
    const { t } = this.#context;
    const was = before ? `${t("路况有变,已重新规划:原 {before} 分钟,现 {now} 分钟。", { before: number(Math.round(before.minutes)), now: route.geometry ? number(Math.round(route.minutes)) : "—" })} ` : "";
    this.#tell(was + route.told, route.is_dry ? (before ? "changed" : "good") : "wrong");
  }

  #paintRoutes() {
    const { t } = this.#context;
    const routes = this.#routes.filter(({ geometry }) => geometry);
    this.#lines.show(routes, this.#chosen);
    const [first] = this.#routes;
    document.documentElement.dataset.route = `${first.verdict}:${first.km}`;
    this.#list.replaceChildren(...routes.map((route, at) => el("li", {},
      el("button.route", { type: "button", "aria-pressed": String(at === this.#chosen), onclick: () => { this.#chosen = at; this.#paintRoutes(); } },
        el("b", {}, t("{minutes} 分钟", { minutes: number(Math.round(route.minutes)) })), ` · ${number(route.km)} ${t("公里")}`,
        el("span.soft", {}, route.named.length ? ` ${t("经")} ${route.named.slice(0, 3).join("、")}${route.named.length > 3 ? "…" : ""}` : "")),
      at === this.#chosen && el("p.soft.directions", {}, route.directions),
      !route.is_dry && el("p.wrong", {}, route.told))));
  }

  async #reach() {
    const { http, told } = this.#context;
    const { start } = this.#ends;
    if (!this.#rings || !start) {
      this.#lines.rings([]);
      return;
    }
    try {
      const { features } = await http.get(`/api/routes/reach?place=${start}&minutes=${RINGS}`);
      if (this.#rings) this.#lines.rings(features.filter(({ geometry }) => geometry));
    } catch (error) {
      this.#tell(told(error), "wrong");
    }
  }

  #tell(text, kind = "soft") {
    this.#say.textContent = text;
    this.#say.className = kind;
  }
}
