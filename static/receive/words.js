/** Names of goods in the reader's language. */

import { inEnglish } from "../shared/i18n.js";

/** @param {{name: string, name_en: string}} line */
export const named = (line) => (inEnglish() ? line.name_en : line.name);
