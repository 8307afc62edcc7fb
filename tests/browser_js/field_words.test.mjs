import assert from "node:assert/strict";
import { test } from "node:test";

import FIELD from "../../static/field/en.js";
import SHARED from "../../static/shared/en.js";
import { wordsOf, wordsOfThePage } from "./words_of.mjs";

const MARKS = /\{\w+\}/g;

test("every word of the shared modules has its English, and no English is left over", () => {
  assert.deepEqual(Object.keys(SHARED).sort(), [...wordsOf("shared")].sort());
});

test("every word of the officer's page has its English, and no English is left over", () => {
  const wanted = new Set([...wordsOf("shared"), ...wordsOf("field"), ...wordsOfThePage("field")]);
  assert.deepEqual([...wanted].filter((text) => !FIELD[text]), []);
  assert.deepEqual(Object.keys(FIELD).filter((text) => !wanted.has(text)), []);
});

test("the English names no parameter that the Chinese does not have", () => {
  for (const [zh, en] of Object.entries(FIELD)) {
    for (const mark of en.match(MARKS) ?? []) assert.ok(zh.includes(mark), `${mark} in ${en}`);
  }
});
