/** A refusal in words. Pure. */

import { t } from "../shared/i18n.js";

const END = /[。.!?;]$/;

/** "没有保存:…": why, one sentence after another. @param {string[]} words */
export const notSaved = (...words) =>
  t("没有保存:") +
  words
    .map((each) => (END.test(each) ? each : each + t("。")))
    .join(" ")
    .replaceAll("。 ", "。");
