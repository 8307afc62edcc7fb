/**
 * What pointers do to a drawing, mouse and touch alike: taps set corners, corners and middles are
 * dragged, a box is pulled. Dragging elsewhere still moves the map.
 */

/** How near a corner must be taken, in pixels. */
const REACH = { mouse: 10, pen: 14, touch: 24 };
/** Movement below this is a tap. */
const STILL = 4;

/**
 * Listen on a map for a board.
 * @param {any} map MapLibre's
 * @param {import("./board.js").Board} board
 * @returns {() => void} stop listening
 */
export function listen(map, board) {
  const canvas = map.getCanvasContainer();
  const pixelOf = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - left, event.clientY - top]);
  };
  let drag = null;
  let reach = REACH.mouse;

  function down(event) {
    reach = REACH[event.pointerType] ?? REACH.mouse;
    board.reach = reach;
    if (event.button || !event.isPrimary || drag) return;
    const pixel = pixelOf(event);
    if (board.mode === "lasso") drag = { from: pixel, path: [pixel] };
    else if (board.mode === "box") drag = { from: pixel, box: true };
    else if (board.mode === "rest") {
      const grip = board.gripAt(pixel, reach);
      if (grip) drag = { from: pixel, grip };
    }
    // Before MapLibre hears of it: the map must not move along.
    if (drag) map.dragPan.disable();
  }

  function move(event) {
    if (!drag || !event.isPrimary) return;
    const pixel = pixelOf(event);
    if (!drag.moved && Math.hypot(pixel[0] - drag.from[0], pixel[1] - drag.from[1]) < STILL) return;
    drag.moved = true;
    if (drag.path) {
      drag.path.push(pixel);
      board.trace(drag.path);
    } else if (drag.box) board.pull(drag.from, pixel);
    else board.drag(drag.grip, pixel);
  }

  function up(event) {
    if (!drag || !event.isPrimary) return;
    const done = drag;
    drag = null;
    map.dragPan.enable();
    if (done.path) board.traced(done.path);
    else if (done.box) board.pulled(done.from, pixelOf(event));
    else if (done.moved) board.dropped();
    else board.choose(done.grip);
  }

  function lost(event) {
    if (drag && event.isPrimary) board.letGo();
    drag = null;
    map.dragPan.enable();
  }

  // The tap that ends on a grip was its choice, not a tap on the map.
  const click = (event) => {
    const pixel = [event.point.x, event.point.y];
    if (board.mode !== "rest" || !board.gripAt(pixel, reach)) board.tap(pixel);
  };
  const twice = (event) => { event.preventDefault(); if (board.mode === "polygon" || board.mode === "hole") board.finish(); };
  const hover = (event) => { if (!drag) board.hover([event.point.x, event.point.y]); };
  const leave = () => board.hover(null);
  const moved = () => board.repaint();

  canvas.addEventListener("pointerdown", down, true);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", lost);
  map.on("click", click);
  map.on("dblclick", twice);
  map.on("mousemove", hover);
  map.on("mouseout", leave);
  map.on("moveend", moved);
  map.doubleClickZoom.disable();
  canvas.classList.add("drawing");
  return () => {
    canvas.removeEventListener("pointerdown", down, true);
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", lost);
    map.off("click", click);
    map.off("dblclick", twice);
    map.off("mousemove", hover);
    map.off("mouseout", leave);
    map.off("moveend", moved);
    map.dragPan.enable();
    canvas.classList.remove("drawing");
    // A double click that ended the drawing must not zoom as well.
    setTimeout(() => map.doubleClickZoom.enable(), 300);
  };
}
