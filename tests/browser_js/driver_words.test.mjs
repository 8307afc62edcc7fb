import assert from "node:assert/strict";
import { test } from "node:test";

import RECEIVE from "../../static/driver/en.js";
import { wordsOf, wordsOfThePage } from "./words_of.mjs";

test("every word of the page of signing has its English, and no English is left over", () => {
  const wanted = new Set([...wordsOf("shared"), ...wordsOf("driver"), ...wordsOfThePage("driver")]);
  assert.deepEqual([...wanted].filter((text) => !RECEIVE[text]), []);
  assert.deepEqual(Object.keys(RECEIVE).filter((text) => !wanted.has(text)), []);
});
