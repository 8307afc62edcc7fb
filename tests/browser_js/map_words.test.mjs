import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import EN from "../../static/map/en.js";

const HOME = new URL("../../static/map/", import.meta.url);
const TEMPLATE = new URL("../../disaster/config/templates/map.html", import.meta.url);
const HAN = /\p{Script=Han}/u;

/** Every Chinese text between double quotes in the map's code, comments left out. */
function wordsOfTheCode() {
  const found = new Set();
  for (const name of readdirSync(HOME, { recursive: true })) {
    if (!name.endsWith(".js") || name === "en.js") continue;
    const code = readFileSync(new URL(name, HOME), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
    for (const [, text] of code.matchAll(/"([^"\n]*)"/g)) if (HAN.test(text)) found.add(text);
    assert.ok(!HAN.test(code.replaceAll(/"[^"\n]*"/g, "")), `${name} has Chinese that no dictionary can reach`);
  }
  return found;
}

test("every word of the map has its English, and no English is left over", () => {
  const page = readFileSync(TEMPLATE, "utf8");
  const marked = [...page.matchAll(/data-t>([^<]+)</g)].map(([, text]) => text);
  const wanted = new Set([...wordsOfTheCode(), ...marked]);
  assert.deepEqual([...wanted].filter((text) => !EN[text]), []);
  assert.deepEqual(Object.keys(EN).filter((text) => !wanted.has(text)), []);
});
