/**
 * The reader's language. Chinese is written in the code and is its own key; English comes from
 * dictionaries by that Chinese. A text without English stays Chinese: better than nothing.
 *
 * The language is the cookie Django's language switch sets, so that a page kept by the service
 * worker changes it too, with no network.
 */

/** @type {Record<string, string>} */
const words = {};
const COOKIE = "django_language";

/** Add a dictionary: Chinese → English. @param {Record<string, string>} dictionary */
export function use(dictionary) {
  Object.assign(words, dictionary);
}

/** The reader's language. @returns {"zh-hans" | "en"} */
export function language() {
  const doc = globalThis.document;
  if (!doc) return "zh-hans";
  const chosen = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(doc.cookie)?.[1] ?? doc.documentElement.lang;
  return chosen.startsWith("en") ? "en" : "zh-hans";
}

/** Choose the language for this browser, for a year. @param {"zh-hans" | "en"} code */
export function choose(code) {
  document.cookie = `${COOKIE}=${code}; path=/; max-age=31536000; samesite=lax`;
}

/**
 * Say a text in the reader's language; `{name}` in it is filled in.
 * @param {string} text in Chinese
 * @param {Record<string, string | number>} [values]
 */
export function t(text, values) {
  const said = language() === "en" ? (words[text] ?? text) : text;
  return values ? said.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all)) : said;
}

/** Pick a row's name in the reader's language. @param {{zh: string, en: string}} row */
export function nameOf(row) {
  return language() === "en" ? row.en : row.zh;
}
