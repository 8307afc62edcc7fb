/** Building the page by hand: text is always set as text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element.
 * @param {string} tag "div.row.new" makes a div with two classes
 * @param {Record<string, any>} [attributes] `on…` listens; false, null and undefined are left out
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false).map(asNode));
  return element;
}

const asNode = (child) => (child instanceof Node ? child : String(child));

/** Make an element of a drawing. @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children @returns {any} */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A drawing out of a sprite. @param {string} href "/static/field/signs.svg#name" */
export const sign = (href) => svg("svg", { "aria-hidden": "true", class: "sign" }, svg("use", { href }));

/** @param {string} id */
export const by = (id) => /** @type {any} */ (document.getElementById(id));
