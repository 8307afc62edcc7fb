/** On to another page, or to this one as it is now: no form of the page that is left can be sent again meanwhile. */

const root = document.documentElement;

/** @param {string} [address] another page; none: this one anew */
export function go(address) {
  root.dataset.desk = "leaving";
  if (address) location.assign(address);
  else location.reload();
}

// Kept by the browser and gone back to, a page is as it was left.
addEventListener("pageshow", ({ persisted }) => persisted && (root.dataset.desk = "ready"));
