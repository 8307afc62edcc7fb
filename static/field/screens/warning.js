/** One warning and its three answers: 已收到, 已转移 with how many, 需要支援 with what. Works without a network. */

import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { clock } from "../../shared/time.js";
import { keepAnswer } from "../later/answers.js";
import { answerWords, dress, levelWords } from "../later/warned.js";

/** @param {HTMLElement} main @param {any} app @param {string} id */
export function warning(main, app, id) {
  dress();
  const told = el("div");
  const said = el("p.message", { role: "status", id: "answer-state", class: "warning-state" });
  const answers = el("div.answers");
  const back = el("button.row-button", { type: "button", onclick: () => app.go("") }, t("返回"));
  main.append(el("article.warning", {}, told, said, answers, back));
  const notice = () => app.world.views.get(`notice:${id}`);
  const say = async (answer) => {
    await keepAnswer({ notice: id, by: app.world.person, ...answer });
    drawAnswers(answers, say);
    await app.changed();
    app.flush();
  };
  const update = () => {
    const now = notice();
    answers.hidden = !now;
    if (!now) return told.replaceChildren(el("p.message", {}, t("这条预警已结束。")));
    const { word, detail, tone } = answerWords(now, app.world.waitingAnswer(id));
    said.dataset.tone = tone;
    said.textContent = [word, detail].filter(Boolean).join(" · ");
    return told.replaceChildren(...content(now));
  };
  drawAnswers(answers, say);
  update();
  return { update };
}

function content(notice) {
  return [
    el(`div.warning-head.${notice.level}`, {},
      el("strong", {}, levelWords(notice)), el("span", {}, notice.headline),
      el("span.detail", {}, `${notice.issuer} ${t("{time} 发布", { time: clock(notice.issued_at) })}`)),
    notice.state === "lifted" ? el("p.message", {}, t("这条预警已结束。")) : null,
    notice.instruction ? el("p.instruction", {}, notice.instruction) : null,
  ].filter(Boolean);
}

/** The three answers; two of them ask one thing first. */
function drawAnswers(box, say) {
  const forms = el("div");
  const ask = (form) => {
    forms.replaceChildren(form);
    form.querySelector("input, textarea").focus();
  };
  box.replaceChildren(
    el("button.button", { type: "button", id: "say-received", onclick: () => say({ answer: "received" }) }, t("已收到")),
    el("button.button", { type: "button", id: "say-moved", onclick: () => ask(movedForm(say)) }, t("已转移")),
    el("button.button.quiet", { type: "button", id: "say-help", onclick: () => ask(helpForm(say)) }, t("需要支援")),
    forms);
}

function movedForm(say) {
  const input = el("input", { type: "text", inputmode: "numeric", id: "persons", autocomplete: "off", maxlength: 6 });
  const fault = el("p.fault", { role: "alert" });
  return el("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!/^\d{1,6}$/.test(text)) fault.textContent = t("请填转移了多少人,没有就填0");
    else say({ answer: "moved", persons: Number(text) });
  } }, el("label.label", { for: "persons" }, t("一共转移了多少人")), input, fault, el("button.button", { type: "submit", id: "send-moved" }, t("发送")));
}

function helpForm(say) {
  const area = el("textarea", { id: "help-words", rows: 3, maxlength: 500 });
  const fault = el("p.fault", { role: "alert" });
  return el("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    const words = area.value.trim();
    if (!words) fault.textContent = t("请写明需要什么,例如:冲锋舟一艘,有3名老人");
    else say({ answer: "help", words });
  } }, el("label.label", { for: "help-words" }, t("需要什么支援")), area, fault, el("button.button", { type: "submit", id: "send-help" }, t("发送")));
}
