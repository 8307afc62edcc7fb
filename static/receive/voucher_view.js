/** What a voucher says and whether it is good: verified on the phone, held against what the phone knows. */

import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { iso } from "../shared/time.js";
import { isDone, left, since } from "./known.js";
import { canVerify, verified } from "./voucher.js";
import { back, goodsInWords } from "./words.js";

/** @param {HTMLElement} box @param {any} app @param {string} value  what the code says after its kind */
export async function voucherView(box, app, value) {
  box.append(back(app, "village"));
  const list = app.list();
  if (!list?.keys?.length || !canVerify()) {
    box.append(verdict("bad", t("这部手机还不能核验凭证"), t("请连上网络,打开一次本页再试。")));
    return null;
  }
  const { state, voucher } = await verified(value, list.keys);
  if (state === "unknown") {
    box.append(verdict("bad", t("这部手机还没有这张凭证的公钥"), t("密钥换过了。请连上网络,刷新后再扫;不能据此断定真假。")));
    return null;
  }
  if (state === "void") {
    box.append(verdict("bad", t("凭证已作废:签它的密钥已停用"), t("请乡镇重新制作凭证;可按身份证在清单里查找发放。")));
    return null;
  }
  if (!voucher) {
    box.append(verdict("bad", t("假凭证,或已被改动"), t("不要凭它发放。请按身份证在清单里查找,并报告乡镇。")));
    return null;
  }
  const said = [el("p", {}, el("b", {}, voucher.name), ` ${voucher.village}`), el("p", {}, goodsInWords(list.items, voucher.goods)), el("p.soft", {}, `${voucher.number} · ${voucher.programme} · ${t("有效期至")} ${voucher.until}`)];
  const household = list.households.find(({ number }) => number === voucher.number);
  box.append(await judged(app, list, voucher, household, said, value));
  return null;
}

async function judged(app, list, voucher, household, said, value) {
  if (voucher.until < iso(Date.now()).slice(0, 10)) return verdict("bad", t("凭证是真的,但已过期"), ...said);
  if (!household) return verdict("bad", t("凭证是真的,但不在这部手机的清单里"), t("可能是别的村的,或清单还没有刷新。"), ...said);
  if (household.voucher && household.voucher !== voucher.id) return verdict("bad", t("凭证已作废,请以新凭证为准"), ...said);
  const goods = left(household, since(await app.waiting(), list.at));
  if (isDone(goods)) return verdict("bad", t("这张凭证已经领完"), ...said, open(app, household, "", t("看这一户")));
  if (household.held) return verdict("bad", t("凭证是真的,但暂停发放"), household.held, ...said);
  return verdict("good", t("凭证有效"), ...said, el("p", {}, `${t("还可领")} ${goodsInWords(list.items, goods)}`), open(app, household, value, t("给这一户发放")));
}

const open = (app, household, value, words) => el("button.button.big", { type: "button", onclick: () => app.go(`household/${household.application}${value ? `/${value}` : ""}`) }, words);

function verdict(state, words, ...rest) {
  return el("section.verdict", { "data-state": state }, el("h2", {}, words), ...rest.map((one) => (one instanceof Node ? one : el("p", {}, one))));
}
