/** What a room's code and page say, for the tests of its dictionary. */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

export const HAN = /\p{Script=Han}/u;

/** Every Chinese text between double quotes in a room's code, comments left out. */
export function wordsOf(room) {
  const home = new URL(`../../static/${room}/`, import.meta.url);
  const found = new Set();
  for (const name of readdirSync(home, { recursive: true })) {
    if (!name.endsWith(".js") || name.endsWith("en.js")) continue;
    const code = readFileSync(new URL(name, home), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
    for (const [, text] of code.matchAll(/"([^"\n]*)"/g)) if (HAN.test(text) || text === "、") found.add(text);
    assert.ok(!HAN.test(code.replaceAll(/"[^"\n]*"/g, "")), `${room}/${name} has Chinese that no dictionary can reach`);
  }
  return found;
}

/** What a page itself says before any script runs. */
export function wordsOfThePage(room) {
  const page = new URL(`../../disaster/config/templates/${room}/page.html`, import.meta.url);
  return [...readFileSync(page, "utf8").matchAll(/>([^<>]+)</g)].map(([, text]) => text.trim()).filter((text) => HAN.test(text));
}
