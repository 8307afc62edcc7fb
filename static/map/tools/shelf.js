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
    this.#context = { ...context, shelf: this };
    for (const tool of TOOLS.filter((one) => one.mayUse(context.me))) this.#bar.append(this.#button(tool));
    this.#bar.hidden = !this.#bar.children.length;
    const resumed = TOOLS.find((tool) => tool.mayUse(context.me) && tool.resumes?.(this.#context));
    if (resumed) this.open(resumed.id);
  }

  /** Open a tool, whatever is open. @param {string} id @param {any} [given] what it is opened for */
  open(id, given) {
    const tool = TOOLS.find((one) => one.id === id);
    this.close();
    this.#panel.hidden = false;
    this.#buttonOf(tool).setAttribute("aria-pressed", "true");
    const opened = tool.open(this.#context, this.#panel, given);
    this.#open = { tool, opened: typeof opened === "function" ? { close: opened } : opened };
  }

  /** Tell the open tool what changed. @param {import("../store.js").Diff} diff */
  paint(diff) {
    this.#open?.opened?.paint?.(diff);
  }

  /** Put the open tool away. */
  close() {
    if (!this.#open) return;
    const { tool, opened } = this.#open;
    this.#open = null;
    opened?.close?.();
    this.#buttonOf(tool).setAttribute("aria-pressed", "false");
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
    if (this.#open?.tool === tool) this.close();
    else this.open(tool.id);
  }
}
