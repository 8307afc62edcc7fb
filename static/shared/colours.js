/** The tokens of shared/tokens.css for those who paint by hand: maps, sketches, charts. */

/** What a token is worth in the look now shown. @param {string} name "accent" for --accent */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Be told when the look changes, to paint anew. @param {() => void} paint @returns {() => void} stop telling */
export function onTheme(paint) {
  document.addEventListener("themechange", paint);
  return () => document.removeEventListener("themechange", paint);
}
