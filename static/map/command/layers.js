/** Which layers are shown: switches under the legend, remembered for this person on this device. */

import { el } from "../dom.js";

/** Layer → its words; a style's layer belongs to it by the beginning of its id. */
const LAYERS = { reports: "灾情报告", zones: "隐患区", shelters: "避难场所", closures: "断路", trips: "运输车辆", townships: "界线和底色", villages: "村点和村名", roads: "道路" };
const BELONGS = { townships: ["townships", "township-points"] };

export class LayerSwitch {
  /** @type {Set<string>} the layers that are off */
  #hidden = new Set();
  #map;
  #kept;
  #boxes = {};

  /**
   * @param {HTMLElement} legend what the switches lie in
   * @param {any} map MapLibre's
   * @param {string} person whose choice is remembered
   * @param {(zh: string) => string} t
   */
  constructor(legend, map, person, t) {
    this.#map = map;
    this.#kept = `zaiqing.layers.${person}`;
    const list = el("fieldset.layers", {}, el("legend", {}, t("显示哪些图层")));
    for (const [name, zh] of Object.entries(LAYERS)) {
      if (!this.#ids(name).length) continue;
      const box = el("input", { type: "checkbox", name: "layer", value: name, checked: true, onchange: () => this.#toggle(name, box.checked) });
      this.#boxes[name] = box;
      list.append(el("label", {}, box, " ", t(zh)));
    }
    legend.append(list);
    this.hide(this.#remembered());
  }

  /** The layers that are off. @returns {string[]} */
  get hidden() {
    return [...this.#hidden].sort();
  }

  /** Those that are on. @returns {string[]} */
  get shown() {
    return Object.keys(this.#boxes).filter((name) => !this.#hidden.has(name));
  }

  /** Switch these off and all others on; unknown names are left out. @param {string[]} names */
  hide(names) {
    this.#hidden = new Set(names.filter((name) => name in this.#boxes));
    for (const [name, box] of Object.entries(this.#boxes)) {
      box.checked = !this.#hidden.has(name);
      for (const id of this.#ids(name)) this.#map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none");
    }
    document.documentElement.dataset.hiddenLayers = this.hidden.join(" ");
  }

  #toggle(name, on) {
    this.hide(on ? this.hidden.filter((one) => one !== name) : [...this.hidden, name]);
    try {
      localStorage.setItem(this.#kept, JSON.stringify(this.hidden));
    } catch {
      // Not remembered, but switched.
    }
  }

  #remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#kept) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  #ids(name) {
    const begins = BELONGS[name] ?? [name];
    return this.#map.getLayersOrder().filter((id) => begins.some((one) => id === one || id.startsWith(`${one}-`)));
  }
}
