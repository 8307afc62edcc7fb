/** The buttons of a drawing: what to draw, undo and redo, corners away, and whether lines catch. */

import { el } from "../dom.js";

const HINTS = {
  polygon: "在地图上逐点单击;双击、点第一个点或按“完成”结束。",
  hole: "在已画的块里逐点单击,画出要挖掉的部分。",
  circle: "单击定圆心,再单击定半径;也可以直接填写。",
  rest: "拖动顶点修改;点边线中间的小圆点加顶点;点一下顶点可以删除。",
  nothing: "先选一种画法。",
  crowded: "这里顶点太多,放大地图后再拖动。",
};
const REFUSED = { few: "至少要三个顶点。", outside: "洞要画在已有的块里面。" };

export class DrawingBar {
  #board;
  #t;
  #buttons = {};
  #hint = el("p.soft.hint", { role: "status" });
  #round;
  #corner;
  element;

  /** @param {import("./board.js").Board} board @param {(zh: string) => string} t */
  constructor(board, t) {
    this.#board = board;
    this.#t = t;
    const button = (key, zh, act) => (this.#buttons[key] = el("button", { type: "button", "data-draw": key, onclick: act }, t(zh)));
    this.#round = this.#fields(["lon", "经度", "any"], ["lat", "纬度", "any"], ["radius", "半径(米)", "1"]);
    this.#corner = el("div.row.corner", {}, button("corner", "删除顶点", () => board.removeCorner()), button("ring", "删除整圈", () => board.removeRing()));
    this.element = el("div.drawing-bar", {},
      el("div.row", { role: "group", "aria-label": t("画法") },
        button("polygon", "多边形", () => board.start("polygon")), button("circle", "圆", () => board.start("circle")),
        button("hole", "挖洞", () => board.start("hole")), button("finish", "完成", () => board.finish()),
        button("undo", "撤销", () => board.undo()), button("redo", "重做", () => board.redo()), this.#corner,
        el("label.snap", {}, el("input", { type: "checkbox", name: "snap", checked: true, onchange: (event) => { board.snaps = event.target.checked; } }), t("吸附边线"))),
      this.#hint, this.#round);
    board.snaps = true;
    this.#round.addEventListener("change", () => this.#read());
    this.refresh();
  }

  /** Say why a ring can't be closed. @param {"few" | "outside"} why */
  refuse(why) {
    this.#hint.textContent = this.#t(REFUSED[why]);
    this.#hint.classList.add("wrong");
  }

  /** Show what can be done now. */
  refresh() {
    const { mode, state, canUndo, canRedo, chosen, centre, radius, hasWork, crowded } = this.#board;
    const buttons = this.#buttons;
    for (const key of ["polygon", "circle", "hole"]) buttons[key].setAttribute("aria-pressed", String(mode === key));
    buttons.polygon.textContent = this.#t(state.parts.length ? "加一块" : "多边形");
    buttons.hole.disabled = !state.parts.length;
    buttons.finish.disabled = mode === "rest";
    buttons.undo.disabled = !canUndo;
    buttons.redo.disabled = !canRedo;
    this.#corner.hidden = !chosen;
    this.#round.hidden = mode !== "circle";
    if (mode === "circle") this.#write(centre, radius);
    this.#hint.classList.remove("wrong");
    this.#hint.textContent = this.#t(HINTS[crowded ? "crowded" : mode === "rest" && !hasWork ? "nothing" : mode] ?? "");
  }

  #fields(...given) {
    return el("div.row.round", {}, ...given.map(([name, zh, step]) =>
      el("label", {}, this.#t(zh), el("input", { type: "number", name: `circle-${name}`, step, inputmode: "decimal" }))));
  }

  #write(centre, radius) {
    const values = { lon: centre?.[0].toFixed(6) ?? "", lat: centre?.[1].toFixed(6) ?? "", radius };
    for (const [name, value] of Object.entries(values)) {
      const input = this.#round.querySelector(`[name=circle-${name}]`);
      if (input !== document.activeElement) input.value = value;
    }
  }

  /** By the keyboard alone: a centre and a radius make a circle. */
  #read() {
    const [lon, lat, radius] = ["lon", "lat", "radius"].map((name) => Number.parseFloat(this.#round.querySelector(`[name=circle-${name}]`).value));
    if (radius > 0) this.#board.radius = radius;
    if ([lon, lat, radius].every(Number.isFinite) && radius > 0) this.#board.round([lon, lat], radius);
  }
}
