/** The bureau's map as a command tool: search, layers, kept views, keys; joined to the page in one place. */

import { by, el } from "../dom.js";
import { TOOLS } from "../tools/index.js";
import { Keys } from "./keys.js";
import { LayerSwitch } from "./layers.js";
import { Search } from "./search.js";

export class Command {
  #given;

  /**
   * @param {object} given
   * @param {any} given.map MapLibre's
   * @param {any} given.me
   * @param {import("../places.js").Places} given.places
   * @param {import("../panels/filters.js").Filters} given.filters
   * @param {import("../moment.js").Moment} given.moment
   * @param {(path: string) => Promise<any>} given.get
   * @param {(error: any) => string} given.told
   * @param {(zh: string, params?: object) => string} given.t
   * @param {(id: string) => void} given.openReport
   * @param {(object: string, id: string) => void} given.openPlace
   * @param {(title: string, ...content: any[]) => void} given.openCard
   */
  constructor(given) {
    this.#given = given;
    const { map, me, t } = given;
    this.layers = new LayerSwitch(by("legend"), map, String(me.person.id ?? me.person.name), t);
    const place = by("search");
    place.hidden = false;
    this.search = new Search(place, given);
  }

  /** Begin once the tools are there: keys, and the view that the address names. @param {import("../tools/shelf.js").Shelf} shelf */
  begin(shelf) {
    const { me, t } = this.#given;
    const tools = TOOLS.filter((tool) => tool.key && tool.mayUse(me)).map((tool) => ({ key: tool.key, zh: tool.title, act: () => shelf.toggle(tool.id) }));
    const keys = new Keys([
      { key: "/", zh: "检索", act: () => this.search.focus() }, ...tools,
      { key: "l", zh: "图例与图层", act: () => { by("legend").open = !by("legend").open; by("legend").querySelector("summary").focus(); } },
      { key: "0", zh: "看全部", act: () => this.#whole() },
      { key: "?", zh: "快捷键", act: () => keys.help() },
    ], t);
    addEventListener("keydown", (event) => {
      // Drawing keeps its own Escape, and so does the panel of a report.
      if (event.key === "Escape" && !("drawing" in document.documentElement.dataset) && !event.target.closest?.("#detail, dialog, #search")) shelf.close();
    });
    shelf.addToMore(el("button", { type: "button", id: "keys-help", onclick: () => keys.help() }, t("快捷键"), " ", el("kbd", {}, "?")));
    const linked = new URLSearchParams(location.search).get("view");
    if (linked) this.#follow(linked);
  }

  /** How the map is looked at now, as the server keeps it. */
  state() {
    const { map, filters, moment } = this.#given;
    const { lng, lat } = map.getCenter();
    return { lon: lng, lat, zoom: map.getZoom(), hidden: this.layers.hidden, filter: { ...filters.value }, moment: moment.value };
  }

  /** Look as a view says, with one's own eyes: what lies outside the reader's scope is left out. @param {any} view */
  apply({ name, by: whose, mine, state }) {
    const { map, filters, moment, places, t } = this.#given;
    const foreign = state.filter.township && !places.get(state.filter.township);
    map.jumpTo({ center: [state.lon, state.lat], zoom: state.zoom });
    this.layers.hide(state.hidden);
    filters.apply({ ...state.filter, township: foreign ? "" : state.filter.township });
    if (moment.value !== state.moment) moment.show(state.moment);
    document.documentElement.dataset.view = name;
    this.#say(mine && !foreign ? "" : [!mine && t("{by} 分享的视图“{name}”,内容按您自己的权限显示。", { by: whose, name }), foreign && t("视图里的乡镇不在您的范围内,已略去。")].filter(Boolean).join(""));
  }

  async #follow(id) {
    const { get, told } = this.#given;
    try {
      this.apply((await get(`/api/map/views/${encodeURIComponent(id)}`)).view);
    } catch (error) {
      this.#say(told(error));
    }
  }

  /** Said under the tools until it is put away; the map stays in sight. */
  #say(text) {
    by("view-note").hidden = !text;
    by("view-note").replaceChildren(text, el("button", { type: "button", "aria-label": this.#given.t("关闭"), onclick: () => { by("view-note").hidden = true; } }, "×"));
  }

  #whole() {
    const { bounds } = this.#given.places;
    if (bounds) this.#given.map.fitBounds(bounds, { padding: 48, maxZoom: 12 });
  }
}
