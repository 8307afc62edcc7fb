/** 图表: how a figure of an event grew, and which township has most of it; a bar leads to its place on the map. */

import { el } from "../dom.js";
import { number, shortTime } from "../format.js";
import { holds } from "../rights.js";
import { bar, line } from "./chart.js";

const SEES = ["officer", "reviewer", "coordinator", "leader", "auditor"];
const MOST_BARS = 12;

export default {
  id: "charts",
  title: "图表",
  group: "more",
  key: "c",
  mayUse: (me) => holds(me, SEES),

  open(context, panel) {
    panel.classList.add("wide");
    new Charts(context, panel).read();
    return () => panel.classList.remove("wide");
  },
};

class Charts {
  #context;
  #body = el("div.charts", {});
  #event;
  #indicator;
  #asked = 0;

  constructor(context, panel) {
    this.#context = context;
    const { t, store, command } = context;
    const events = store.all("event").sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
    const again = () => this.read();
    this.#event = el("select", { name: "event", onchange: again }, ...events.map(({ id, name }) => el("option", { value: id }, name)));
    const chosen = command.state().filter.event;
    if (events.some(({ id }) => id === chosen)) this.#event.value = chosen;
    this.#indicator = el("select", { name: "indicator", onchange: again }, ...context.catalogue.indicators.map(({ key, name, parent }) => el("option", { value: key }, parent ? `· ${name}` : name)));
    this.#indicator.value = "affected";
    panel.append(el("h2", {}, t("图表")), el("label", {}, t("灾害过程"), this.#event), el("label", {}, t("指标"), this.#indicator), this.#body);
  }

  async read() {
    const { t, http, told, command } = this.#context;
    if (!this.#event.value) return this.#body.replaceChildren(el("p.soft", {}, t("还没有灾害过程。")));
    const ask = ++this.#asked;
    const { moment, filter } = command.state();
    const asked = new URLSearchParams({ event: this.#event.value, indicator: this.#indicator.value, ...(moment ? { until: moment } : {}), ...(filter.township ? { area: filter.township } : {}) });
    try {
      const found = await http.get(`/api/map/trend?${asked}`);
      if (ask === this.#asked) this.#show(found);
    } catch (error) {
      if (ask === this.#asked) this.#body.replaceChildren(el("p.wrong", { role: "alert" }, told(error)));
    }
    return undefined;
  }

  #show({ moments, totals, parts, level }) {
    const { t, catalogue, places } = this.#context;
    const { name, unit } = catalogue.indicator(this.#indicator.value);
    const values = totals.map(Number);
    const last = values[values.length - 1];
    const title = t("{name}:{from} 至 {until},现为 {value} {unit}", { name, from: shortTime(moments[0]), until: shortTime(moments[moments.length - 1]), value: number(last), unit });
    const ranked = Object.entries(parts).map(([code, value]) => [code, Number(value)]).filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]);
    const most = ranked[0]?.[1] ?? 1;
    this.#body.dataset.total = String(last);
    this.#body.replaceChildren(
      el("h3", {}, `${t("变化")} · ${number(last)} ${unit}`), line({ values, labels: [shortTime(moments[0]), shortTime(moments[moments.length - 1])], title }),
      this.#table(t("各时刻的数字"), [t("时刻"), name], moments.map((at, index) => [shortTime(at), number(values[index])])),
      el("h3", {}, level === "village" ? t("各村排名") : t("各乡镇排名")),
      ranked.length ? el("ol.ranking", {}, ...ranked.slice(0, MOST_BARS).map(([code, value]) => el("li", {}, el("button", { type: "button", "data-area": code, onclick: () => this.#goTo(code) },
        el("span", {}, places.name(code)), el("b", {}, number(value)), bar(value / most))))) : el("p.soft", {}, t("没有填报数字")),
      ranked.length > MOST_BARS ? this.#table(t("全部"), [t("地区"), name], ranked.map(([code, value]) => [places.name(code), number(value)])) : "");
  }

  #goTo(code) {
    const area = this.#context.places.get(code);
    if (Number.isFinite(area?.lon)) this.#context.map.flyTo({ center: [area.lon, area.lat], zoom: area.level === "village" ? 13 : 11.5, maxDuration: 1500 });
    document.documentElement.dataset.found = `area:${code}`;
  }

  #table(title, heads, rows) {
    return el("details", {}, el("summary", {}, title), el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows.map(([what, value]) => el("tr", {}, el("th", { scope: "row" }, what), el("td", {}, value))))));
  }
}
