/** Plans: pins edited in the table, and small maps of how far each village's need is met. */

import { get } from "../shared/api.js";

const SVG = "http://www.w3.org/2000/svg";

/** A pin is sent whole, in the units that are kept: money in fen. */
function fillPin(form, button) {
  const { village, item } = form.dataset;
  const own = form.elements.namedItem("pins");
  if (button && "unpin" in button.dataset) {
    own.disabled = true;
    button.dataset.body = JSON.stringify({ unpin: [`${village} ${item}`] });
    return;
  }
  own.disabled = false;
  const quantity = Number(form.querySelector("[data-quantity]").value) * (item === "money" ? 100 : 1);
  own.value = JSON.stringify([{ village, item, quantity, why: form.querySelector("[data-why]").value }]);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {any} */ (event.target);
    if ("pin" in form.dataset) fillPin(form, /** @type {any} */ (event).submitter);
  },
  true,
);

document.addEventListener("sent", (event) => {
  const form = /** @type {any} */ (event.target);
  const { id } = /** @type {any} */ (event).detail;
  if (id && (form.id === "make" || "pin" in form.dataset || "renew" in form.dataset)) location.assign(`/plan/${id}/${form.id === "make" ? "" : "#changes"}`);
});

/** Which of five steps a village's share falls into. */
const step = (need, given) => (given >= need ? 4 : Math.min(3, Math.floor((4 * given) / need)));

/** Villages as dots where they are, as large as their need. @param {SVGElement} svg */
async function draw(svg) {
  const { villages } = await get(/** @type {any} */ (svg).dataset.map);
  if (!villages.length) return;
  const squeeze = Math.cos((villages[0].lat * Math.PI) / 180);
  const xs = villages.map(({ lon }) => lon * squeeze);
  const ys = villages.map(({ lat }) => -lat);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, ((Math.max(...ys) - top) * 4) / 3, 0.01);
  const most = Math.max(...villages.map(({ need }) => need));
  const [across, down] = [(50 * (Math.max(...xs) - left)) / size, (50 * (Math.max(...ys) - top)) / size];
  svg.setAttribute("viewBox", `${across - 54} ${down - 41.5} 108 83`);
  for (const [at, { name, need, given }] of villages.entries()) {
    const dot = document.createElementNS(SVG, "circle");
    dot.setAttribute("cx", String((100 * (xs[at] - left)) / size));
    dot.setAttribute("cy", String((100 * (ys[at] - top)) / size));
    dot.setAttribute("r", String(0.8 + 1.6 * Math.sqrt(need / most)));
    dot.setAttribute("class", `f${step(need, given)}`);
    const title = document.createElementNS(SVG, "title");
    title.textContent = `${name} ${Math.round((100 * given) / need)}%`;
    dot.append(title);
    svg.append(dot);
  }
}

for (const svg of /** @type {any} */ (document.querySelectorAll("svg[data-map]"))) draw(svg).catch(() => svg.closest("figure").remove());
