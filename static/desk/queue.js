/** The review queue by keys: j and k go down and up, x chooses a report, Enter opens it. */

const rows = () => /** @type {HTMLTableRowElement[]} */ ([...document.querySelectorAll(".queue tbody tr")].filter((row) => row.querySelector("a")));

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "x") /** @type {any} */ (target.closest("tr")?.querySelector("input[type=checkbox]"))?.click();
});

/** Give the link of the row before or after the one in focus the focus. @param {1 | -1} step */
function go(step) {
  const all = rows();
  const at = all.indexOf(/** @type {any} */ (document.activeElement?.closest("tr")));
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next]?.querySelector("a")?.focus();
}
