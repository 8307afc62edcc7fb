/** A number between two large buttons, for wet fingers. */

import { el } from "../shared/dom.js";

/**
 * @param {{name: string, words: string, label: string, value: number, max?: number}} given  `label` is what a screen reader says
 * @returns {{input: HTMLInputElement, box: HTMLElement, count: () => number}}
 */
export function stepper({ name, words, label, value, max }) {
  const input = el("input", { type: "number", inputmode: "numeric", min: 0, max, name, "aria-label": label, value });
  const count = () => Math.trunc(Number(input.value)) || 0;
  const step = (by) => () => {
    input.value = String(Math.max(0, count() + by));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const button = (sign, by) => el("button.step", { type: "button", "aria-label": `${label} ${sign}1`, onclick: step(by) }, sign);
  return { input, count, box: el("div.stepper", {}, el("span", {}, words), button("−", -1), input, button("+", 1)) };
}
