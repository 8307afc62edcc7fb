/** A field to write one's name in with a finger. */

import { colour } from "../shared/colours.js";
import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";

const WIDTH = 600;
const HEIGHT = 240;

export class Pad {
  #strokes = 0;
  #last = null;

  constructor() {
    this.element = el("canvas.pad", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": t("签名框") });
    this.ink = this.element.getContext("2d");
    Object.assign(this.ink, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: colour("print") });
    this.element.addEventListener("pointerdown", (event) => this.#begin(event));
    this.element.addEventListener("pointermove", (event) => this.#draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.element.addEventListener(end, () => (this.#last = null));
  }

  isEmpty() {
    return this.#strokes === 0;
  }

  clear() {
    this.#strokes = 0;
    this.ink.clearRect(0, 0, WIDTH, HEIGHT);
  }

  /** @returns {Promise<string>} base64 of a PNG */
  async png() {
    return this.element.toDataURL("image/png").split(",")[1];
  }

  #begin(event) {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.#last = this.#at(event);
  }

  #draw(event) {
    if (!this.#last) return;
    const next = this.#at(event);
    this.ink.beginPath();
    this.ink.moveTo(...this.#last);
    this.ink.lineTo(...next);
    this.ink.stroke();
    this.#last = next;
    this.#strokes += 1;
  }

  /** @returns {[number, number]} */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    return [((clientX - left) / width) * WIDTH, ((clientY - top) / height) * HEIGHT];
  }
}
