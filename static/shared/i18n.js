/**
 * Words: Chinese in the code, English by dictionary where the page's language is English.
 *
 * A page hands its dictionary over with `use` before it shows anything; a word without English stays
 * Chinese, so that nothing is ever blank.
 */

/** @type {Record<string, string>} */
const dictionary = {};

/** Whether the page speaks English. */
export const inEnglish = () => (globalThis.document?.documentElement.lang ?? "").startsWith("en");

/** Add English words. @param {Record<string, string>} words Chinese → English */
export function use(words) {
  Object.assign(dictionary, words);
}

/**
 * Say it in the reader's language; `{name}` marks parameters.
 * @param {string} zh
 * @param {Record<string, string | number>} [params]
 */
export function t(zh, params = {}) {
  const text = (inEnglish() && dictionary[zh]) || zh;
  return text.replace(/\{(\w+)\}/g, (mark, name) => String(params[name] ?? mark));
}

/** Pick the word of a catalogue's entry. @param {{zh: string, en: string}} entry */
export const named = (entry) => (inEnglish() && entry.en) || entry.zh;
