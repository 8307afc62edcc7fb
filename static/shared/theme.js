/**
 * Light, dark, or as the system has it: chosen on this device, remembered on this device.
 *
 * Runs in the head before the first paint, so it is no module. `<html data-theme>` says what is shown,
 * "light" or "dark" (shared/tokens.css); `<html data-theme-choice>` what was chosen, "auto" too. A page that
 * is always dark, as the wall, writes data-theme itself and leaves this file out. Any
 * `<select data-theme-switch>` is the switch; `themechange` on the document tells those who paint by hand.
 */
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const CHOICES = ["auto", "light", "dark"];

  function remembered() {
    try {
      const kept = localStorage.getItem("theme") ?? "auto";
      return CHOICES.includes(kept) ? kept : "auto";
    } catch {
      return "auto"; // Storage may be forbidden; then the system's look holds.
    }
  }

  function show(choice = remembered()) {
    const before = root.dataset.theme;
    root.dataset.themeChoice = choice;
    root.dataset.theme = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
    for (const each of document.querySelectorAll("[data-theme-switch]")) {
      each.value = choice;
      each.closest("[hidden]")?.removeAttribute("hidden");
    }
    if (before && before !== root.dataset.theme) document.dispatchEvent(new Event("themechange"));
  }

  /** The phone's own bar above the page takes the colour of ours. */
  function colourBar() {
    const bar = document.querySelector("meta[name=theme-color]");
    const colour = getComputedStyle(root).getPropertyValue("--bar").trim();
    if (bar && colour) bar.content = colour;
  }

  show();
  document.addEventListener("DOMContentLoaded", () => show());
  document.addEventListener("themechange", colourBar);
  addEventListener("load", colourBar);
  addEventListener("storage", ({ key }) => key === "theme" && show());
  system.addEventListener?.("change", () => show());
  document.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !target.matches("[data-theme-switch]")) return;
    try {
      localStorage.setItem("theme", target.value);
    } catch {
      // Not remembered, but shown.
    }
    show(target.value);
  });
})();
