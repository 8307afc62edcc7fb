/** What the panels build with: the shared `el` and `by`, and text that is only written where it differs. */

export { by, el } from "../shared/dom.js";

/** Set text only where it differs: an untouched node costs no layout. @param {Node} node @param {string} text */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
