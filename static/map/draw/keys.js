/** The drawing's keys: Ctrl+Z, Ctrl+Y, Delete, Enter, Escape and the arrows. Text fields, dialogs and the
 * panel of a report keep their own. */

const STEP = 2;
const FAR = 20;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @param {import("./board.js").Board} board
 * @param {{escape: () => void}} owner
 * @returns {() => void} stop listening
 */
export function listenKeys(board, { escape }) {
  function key(event) {
    if (document.querySelector("dialog[open]") || event.target.closest?.("#detail")) return undefined;
    const writing = event.target.closest?.("input, textarea, select");
    if (event.key === "Escape") return done(event, escape);
    if (writing) return undefined;
    const letter = (event.ctrlKey || event.metaKey) && event.key.toLowerCase();
    if (letter === "z") return done(event, () => (event.shiftKey ? board.redo() : board.undo()));
    if (letter === "y") return done(event, () => board.redo());
    if (event.key === "Delete" || event.key === "Backspace") return done(event, () => board.removeCorner());
    if (event.key === "Enter" && board.mode !== "rest" && !event.target.closest?.("button, a, summary")) return done(event, () => board.finish());
    const arrow = board.chosen && ARROWS[event.key];
    if (arrow) return done(event, () => board.nudge(...arrow.map((way) => way * (event.shiftKey ? FAR : STEP))));
    return undefined;
  }
  // Before the map's own keys, which would move it.
  addEventListener("keydown", key, true);
  return () => removeEventListener("keydown", key, true);
}

function done(event, act) {
  event.preventDefault();
  event.stopPropagation();
  act();
}
