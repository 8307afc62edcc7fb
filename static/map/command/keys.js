/** The map by keyboard: single keys for what is used most, and the sheet that tells them (?). They can be switched off. */

import { el } from "../dom.js";

const KEPT = "zaiqing.map.keys";

export class Keys {
  #keys;
  #sheet;
  #on = remembered();

  /**
   * @param {{key: string, zh: string, act: () => void}[]} keys
   * @param {(zh: string) => string} t
   */
  constructor(keys, t) {
    this.#keys = keys;
    const on = el("input", { type: "checkbox", checked: this.#on, onchange: () => { this.#on = on.checked; remember(on.checked); } });
    const row = (name, words) => el("div", {}, el("dt", {}, ...name.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, t(words)));
    this.#sheet = el("dialog.keys", { "aria-label": t("快捷键") }, el("h2", {}, t("快捷键")),
      el("dl", {}, ...keys.map(({ key, zh }) => row(key, zh)), row("Tab", "依次到检索、工具、地图、图例、列表"), row("← ↑ → ↓", "焦点在地图上时移动地图"),
        row("+ -", "焦点在地图上时放大、缩小"), row("↑ ↓ Enter", "在检索结果和报告列表里选、打开"), row("Enter", "画图和测量时结束"), row("Esc", "关闭或重来")),
      el("label", {}, on, " ", t("启用单键快捷键")), el("form", { method: "dialog" }, el("button", {}, t("关闭"))));
    document.body.append(this.#sheet);
    addEventListener("keydown", (event) => this.#press(event));
  }

  /** Show what the keys do. */
  help() {
    if (!this.#sheet.open) this.#sheet.showModal();
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    if ("past" in document.documentElement.dataset) return; // The theatre covers what the keys would open.
    const known = this.#keys.find(({ key }) => key === event.key);
    if (!known || (!this.#on && event.key !== "?")) return;
    event.preventDefault();
    known.act();
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // It holds until the page is left.
  }
}
