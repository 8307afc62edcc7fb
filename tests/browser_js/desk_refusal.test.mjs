import assert from "node:assert/strict";
import { test } from "node:test";

import { notSaved } from "../../static/desk/refusal.js";

test("why nothing was saved is told in sentences of their own", () => {
  assert.equal(notSaved("有内容需要改正", "第 3 行身份证号不对。", "姓名没有填"), "没有保存:有内容需要改正。第 3 行身份证号不对。姓名没有填。");
});

test("one reason ends once", () => {
  assert.equal(notSaved("请先勾选要办理的户。"), "没有保存:请先勾选要办理的户。");
});
