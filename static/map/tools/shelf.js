/** The row of tool buttons over the map, and the panel of the one that is open. */

import { el } from "../dom.js";
import { TOOLS } from "./index.js";

export class Shelf {
  #bar;
  #panel;
  #context;
  #open = null;
  #more;

  /**
   * @param {HTMLElement} bar  where the buttons go
   * @param {HTMLElement} panel  where an open tool shows itself
   * @param {object} context  see tools/index.js
   */
  constructor(bar, panel, context) {
    this.#bar = bar;
    this.#panel = panel;
    this.#context = { ...context, shelf: this };
    const { t } = context;
    // On a phone the map is small: every tool stands in the menu.
    const narrow = matchMedia("(max-width: 899px)").matches;
    this.#more = el("details.more", {}, el("summary", {}, narrow ? t("工具") : t("更多")), el("div", {}));
    for (const tool of TOOLS.filter((one) => one.mayUse(context.me))) {
      if (tool.group === "more" || narrow) this.addToMore(this.#button(tool));
      else this.#bar.append(this.#button(tool));
    }
    this.#bar.append(this.#more);
    this.#bar.hidden = false;
    addEventListener("pointerdown", ({ target }) => { if (!this.#more.contains(target)) this.#more.open = false; });
    this.#more.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#more.open) return;
      event.stopPropagation();
      this.#more.open = false;
      this.#more.querySelector("summary").focus();
    });
    const resumed = TOOLS.find((tool) => tool.mayUse(context.me) && tool.resumes?.(this.#context));
    if (resumed) this.open(resumed.id);
  }

  /** Open a tool, whatever is open. @param {string} id @param {any} [given] what it is opened for */
  open(id, given) {
    const tool = TOOLS.find((one) => one.id === id);
    this.close();
    this.#panel.hidden = false;
    this.#buttonOf(tool).setAttribute("aria-pressed", "true");
    this.#more.open = false;
    this.#more.toggleAttribute("data-active", this.#more.contains(this.#buttonOf(tool)));
    const opened = tool.open(this.#context, this.#panel, given);
    this.#open = { tool, opened: typeof opened === "function" ? { close: opened } : opened };
  }

  /** Open a tool, or put it away if it is open. @param {string} id */
  toggle(id) {
    this.#press(TOOLS.find((one) => one.id === id));
  }

  /** Put a button into the menu of what is used less. @param {HTMLElement} button */
  addToMore(button) {
    this.#more.lastElementChild.append(button);
  }

  /** Tell the open tool what changed. @param {import("../store.js").Diff} diff */
  paint(diff) {
    this.#open?.opened?.paint?.(diff);
  }

  /** Put the open tool away. */
  close() {
    if (!this.#open) return;
    const { tool, opened } = this.#open;
    const held = document.activeElement;
    this.#open = null;
    opened?.close?.();
    this.#buttonOf(tool).setAttribute("aria-pressed", "false");
    this.#more.removeAttribute("data-active");
    const within = this.#panel.contains(held);
    this.#panel.replaceChildren();
    this.#panel.hidden = true;
    // Whoever works by keyboard stands where they opened it, not at the page's beginning.
    if (within || !held?.isConnected) this.#doorOf(tool).focus();
  }

  /** What a tool's button is reached by: itself, or the menu it stands in. */
  #doorOf(tool) {
    const button = this.#buttonOf(tool);
    return this.#more.contains(button) ? this.#more.querySelector("summary") : button;
  }

  #button(tool) {
    const button = el("button", { type: "button", "aria-pressed": "false" }, this.#context.t(tool.title), tool.key && el("kbd", { "aria-hidden": "true" }, tool.key));
    button.dataset.tool = tool.id;
    button.addEventListener("click", () => this.#press(tool));
    return button;
  }

  #buttonOf(tool) {
    return this.#bar.querySelector(`[data-tool="${tool.id}"]`);
  }

  #press(tool) {
    if (this.#open?.tool === tool) {
      this.close();
      return;
    }
    this.open(tool.id);
    // Next comes what the tool asks, not the tools behind its button.
    const title = this.#panel.querySelector("h2");
    if (title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
  }
}
