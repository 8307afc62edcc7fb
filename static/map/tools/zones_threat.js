/** Who and what lies in the shape while it is drawn; the latest answer wins. */

import { el } from "../dom.js";
import { number } from "../format.js";

/** The pointer rests this long before the server is asked, in ms. */
const REST_MS = 250;
const FIGURES = [
  ["villages", "村(社区)", ({ villages }) => villages.length], ["households", "户", ({ households }) => households],
  ["people", "人口", ({ people }) => people], ["shelters", "避难场所", ({ shelters }) => shelters.length],
  ["road_km", "道路(公里)", ({ road_km: roads }) => roads], ["bridges", "桥梁", ({ bridges }) => bridges],
  ["area_km2", "面积(平方公里)", ({ area_km2: area }) => area],
];

export class Threat {
  element;
  /** What the server said of the shape as it is now: its answer, or the refusal. @type {{found: any, error: any} | null} */
  said = null;
  #http;
  #address;
  #t;
  #told;
  #answered;
  #distance;
  #status = el("p.soft", { role: "status", "data-role": "threat" });
  #figures = el("dl.threat", {});
  #more = el("div", {});
  #timer = 0;
  #asking = null;
  #geometry = null;

  /**
   * @param {object} given
   * @param {{post: Function}} given.http
   * @param {(zh: string, params?: object) => string} given.t
   * @param {(error: any) => string} given.told
   * @param {number} given.most  metres around at most
   * @param {number} given.distance  metres around, to begin with
   * @param {() => void} given.answered  the server has said something of the shape
   * @param {() => void} given.changed  another distance
   * @param {string} [given.address]  whom to ask
   * @param {string} [given.title]  what it is called
   */
  constructor({ http, t, told, most, distance, answered, changed, address = "/api/zones/threat", title = "受威胁" }) {
    this.#address = address;
    this.#http = http;
    this.#t = t;
    this.#told = told;
    this.#answered = answered;
    this.#distance = el("input", { type: "number", name: "distance", min: 0, max: most, step: 50, value: distance, inputmode: "numeric",
      onchange: () => { this.#soon(0); changed(); } });
    this.element = el("section.threatened", { "aria-label": t(title) },
      el("header", {}, el("h3", {}, t(title)), el("label", {}, t("连同周边"), this.#distance, t("米内"))),
      this.#figures, this.#status, this.#more);
    this.look(null);
  }

  get distance() {
    return Math.min(Math.max(Number.parseFloat(this.#distance.value) || 0, 0), Number(this.#distance.max));
  }

  /** The shape is another. @param {any} geometry GeoJSON or null */
  look(geometry) {
    if (JSON.stringify(geometry) === JSON.stringify(this.#geometry)) return;
    this.#geometry = geometry;
    this.said = null;
    if (geometry) this.#soon(REST_MS);
    else this.#empty();
  }

  /** Ask no more. */
  stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #empty() {
    this.stop();
    this.#figures.replaceChildren();
    this.#more.replaceChildren();
    this.#status.textContent = this.#t("画出范围后,这里显示区内有多少人。");
  }

  #soon(ms) {
    this.stop();
    if (!this.#geometry) return this.#empty();
    this.#figures.classList.add("old");
    this.#timer = setTimeout(() => this.#ask(), ms);
    return undefined;
  }

  async #ask() {
    const asking = (this.#asking = new AbortController());
    this.#status.textContent = this.#t("正在计算…");
    try {
      const found = await this.#http.post(this.#address, { geometry: this.#geometry, distance_m: this.distance }, { signal: asking.signal });
      if (asking.signal.aborted) return;
      this.#show(found);
      this.said = { found, error: null };
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#figures.replaceChildren();
      this.#more.replaceChildren();
      this.#status.textContent = this.#told(error);
      this.said = { found: null, error };
    }
    this.#answered();
  }

  #show(found) {
    const t = this.#t;
    this.#figures.classList.remove("old");
    this.#figures.replaceChildren(...FIGURES.map(([key, zh, read]) => [key, zh, read(found)]).filter(([, , value]) => Number.isFinite(value))
      .map(([key, zh, value]) => el("div", { "data-key": key, "data-value": value }, el("dt", {}, t(zh)), el("dd", {}, number(value)))));
    this.#status.textContent = found.assumptions.length ? `${t("依据")}: ${found.assumptions.join("; ")}` : t("区内没有村和人口。");
    const lists = [
      [t("各村"), found.villages, ({ name, township, share, people }) => [`${township} ${name}`, `${number(share * 100)}% · ${number(people)} ${t("人")}`]],
      [t("道路"), found.roads ?? [], ({ name, km }) => [name, `${number(km)} ${t("公里")}`]],
      [t("避难场所"), found.shelters, ({ name, capacity, occupancy }) => [name, `${number(occupancy)} / ${number(capacity)} ${t("人")}`]],
    ];
    const open = new Set([...this.#more.querySelectorAll("details[open]")].map(({ dataset }) => dataset.list));
    this.#more.replaceChildren(...lists.filter(([, rows]) => rows.length).map(([title, rows, read]) =>
      el("details", { "data-list": title, open: open.has(title) }, el("summary", {}, `${title} · ${rows.length}`),
        el("ul", {}, ...rows.map((row) => { const [what, value] = read(row); return el("li", {}, el("span", {}, what), el("b", {}, value)); })))));
  }
}
