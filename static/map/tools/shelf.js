/** The row of tool buttons over the map, and the panel of the one that is open. */

import { el } from "../dom.js";
import { TOOLS } from "./index.js";

export class Shelf {
  #bar;
  #panel;
  #context;
  #open = null;

  /**
   * @param {HTMLElement} bar  where the buttons go
   * @param {HTMLElement} panel  where an open tool shows itself
   * @param {object} context  see tools/index.js
   */
  constructor(bar, panel, context) {
    this.#bar = bar;
    this.#panel = panel;
    this.#context = context;
    for (const tool of TOOLS.filter((one) => one.mayUse(context.me))) this.#bar.append(this.#button(tool));
    this.#bar.hidden = !this.#bar.children.length;
  }

  /** Put the open tool away. */
  close() {
    if (!this.#open) return;
    this.#open.away?.();
    this.#buttonOf(this.#open.tool).setAttribute("aria-pressed", "false");
    this.#open = null;
    this.#panel.replaceChildren();
    this.#panel.hidden = true;
  }

  #button(tool) {
    const button = el("button", { type: "button", "aria-pressed": "false" }, this.#context.t(tool.title));
    button.dataset.tool = tool.id;
    button.addEventListener("click", () => this.#press(tool));
    return button;
  }

  #buttonOf(tool) {
    return this.#bar.querySelector(`[data-tool="${tool.id}"]`);
  }

  #press(tool) {
    const again = this.#open?.tool === tool;
    this.close();
    if (again) return;
    this.#panel.hidden = false;
    this.#buttonOf(tool).setAttribute("aria-pressed", "true");
    this.#open = { tool, away: tool.open(this.#context, this.#panel) };
  }
}
