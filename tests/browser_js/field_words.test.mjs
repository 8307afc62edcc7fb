import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import FIELD from "../../static/field/en.js";
import SHARED from "../../static/shared/en.js";

const HAN = /\p{Script=Han}/u;
const MARKS = /\{\w+\}/g;

/** Every Chinese text between double quotes in a room's code, comments left out. */
function wordsOf(room) {
  const home = new URL(`../../static/${room}/`, import.meta.url);
  const found = new Set();
  for (const name of readdirSync(home, { recursive: true })) {
    if (!name.endsWith(".js") || name.endsWith("en.js")) continue;
    const code = readFileSync(new URL(name, home), "utf8").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
    for (const [, text] of code.matchAll(/"([^"\n]*)"/g)) if (HAN.test(text)) found.add(text);
    assert.ok(!HAN.test(code.replaceAll(/"[^"\n]*"/g, "")), `${room}/${name} has Chinese that no dictionary can reach`);
  }
  return found;
}

/** What the page itself says before any script runs. */
const PAGE = new URL("../../disaster/config/templates/field/page.html", import.meta.url);
const wordsOfThePage = () => [...readFileSync(PAGE, "utf8").matchAll(/>([^<>]+)</g)].map(([, text]) => text.trim()).filter((text) => HAN.test(text));

test("every word of the shared modules has its English, and no English is left over", () => {
  assert.deepEqual(Object.keys(SHARED).sort(), [...wordsOf("shared")].sort());
});

test("every word of the officer's page has its English, and no English is left over", () => {
  const wanted = new Set([...wordsOf("shared"), ...wordsOf("field"), ...wordsOfThePage()]);
  assert.deepEqual([...wanted].filter((text) => !FIELD[text]), []);
  assert.deepEqual(Object.keys(FIELD).filter((text) => !wanted.has(text)), []);
});

test("the English names no parameter that the Chinese does not have", () => {
  for (const [zh, en] of Object.entries(FIELD)) {
    for (const mark of en.match(MARKS) ?? []) assert.ok(zh.includes(mark), `${mark} in ${en}`);
  }
});
