/** A page for paper: one button. */

document.querySelector("[data-print]").addEventListener("click", () => print());
