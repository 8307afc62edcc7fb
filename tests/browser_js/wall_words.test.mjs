import assert from "node:assert/strict";
import { test } from "node:test";

import EN from "../../static/wall/en.js";
import { wordsOf } from "./words_of.mjs";

test("every word of the wall has its English, and no English is left over", () => {
  const wanted = wordsOf("wall");
  assert.deepEqual([...wanted].filter((text) => !EN[text]), []);
  assert.deepEqual(Object.keys(EN).filter((text) => !wanted.has(text)), []);
});
