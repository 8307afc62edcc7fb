/** Look and language, for pages that work without a network: both are kept on the device. */

import { el } from "./dom.js";
import { inEnglish, t } from "./i18n.js";

/** Light, dark, as the system: shared/theme.js hears what is chosen. */
export function lookSwitch() {
  const choices = { auto: t("跟随系统"), light: t("浅色"), dark: t("深色") };
  const options = Object.entries(choices).map(([value, words]) => el("option", { value }, words));
  const select = el("select", { "data-theme-switch": true, autocomplete: "off" }, ...options);
  select.value = document.documentElement.dataset.themeChoice ?? "auto";
  return el("label.theme-switch", {}, el("span", {}, t("外观")), select);
}

/** The other language, in its own words; a cookie is enough. @param {string} tag as for `el` */
export function languageButton(tag) {
  const other = inEnglish() ? { code: "zh-hans", words: "中文" } : { code: "en", words: "English" };
  const choose = () => {
    document.cookie = `django_language=${other.code}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  };
  return el(tag, { id: "language", type: "button", lang: other.code, onclick: choose }, other.words);
}
