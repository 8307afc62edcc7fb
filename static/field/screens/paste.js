/** Pasting a message of the group: the bureau's grammar reads it, the officer checks it, the usual form opens filled. */

import { post, Unreachable } from "../../shared/api.js";
import { el } from "../../shared/dom.js";
import { inEnglish, named, t } from "../../shared/i18n.js";
import { clock, iso } from "../../shared/time.js";
import { begin, keep } from "../draft.js";

/** @param {HTMLElement} main @param {any} app */
export function paste(main, app) {
  const area = el("textarea", { id: "message", rows: 5, maxlength: 2000, "aria-label": t("粘贴群消息"), placeholder: t("例如:昨晚8点暴雨,倒房3户5间,转移41人,无人员伤亡") });
  const said = el("p.message", { id: "paste-said", role: "status", hidden: true });
  const found = el("div", { id: "found" });
  const button = el("button.button", { id: "read", type: "button", onclick: readIt }, t("识别"));
  // Other words, other figures: what was read before is no longer theirs.
  area.addEventListener("input", () => found.replaceChildren());

  function say(words, bad = false) {
    said.textContent = words;
    said.hidden = !words;
    said.classList.toggle("bad", bad);
  }

  async function readIt() {
    const text = area.value;
    button.disabled = true;
    say(t("正在识别…"));
    try {
      const draft = await post("/api/reports/draft", { text });
      if (text !== area.value) return say("");
      found.replaceChildren(...shown(draft, text, app));
      say(draft.figures.length ? t("识别出 {count} 项,请逐项核对。", { count: draft.figures.length }) : t("没有识别出灾情数字。"));
    } catch (error) {
      say(error instanceof Unreachable ? t("识别要用网络。现在没有网络,请直接填写报告。") : [error.message, ...Object.values(error.errors ?? {})].join(" "), true);
    } finally {
      button.disabled = false;
    }
    return undefined;
  }

  main.append(
    el("h2", {}, t("粘贴群消息")), el("p.soft", {}, t("识别后只填好草稿,不会自动上报。")), area, button, said, found,
    el("button.row-button", { onclick: () => app.go("") }, t("返回")),
  );
}

/** Each value beside the words it was read from; what a person must look at is marked. */
function shown(draft, text, app) {
  const { catalogue, home } = app.world;
  const rows = new Map(catalogue.indicators.map((row) => [row.key, row]));
  const said = ({ start, end, also = [] }) => [{ start, end }, ...also].map((span) => `“${text.slice(span.start, span.end)}”`).join(" ");
  const line = (one, name, value) => el("li.read-line", { "data-key": one.key ?? name, "data-sure": String(one.sure) },
    el("strong", {}, `${name} ${value}`), el("span.soft", {}, said(one)), one.sure ? null : el("span.fault", {}, `${t("请核对")}:${one.why_unsure}`));
  const lines = [];
  if (draft.hazard) lines.push(line(draft.hazard, t("什么灾"), named(app.world.hazard(draft.hazard.key))));
  if (draft.occurred_at) lines.push(line(draft.occurred_at, t("发生时间"), clock(draft.occurred_at.at)));
  for (const figure of draft.figures) {
    const row = rows.get(figure.key);
    lines.push(line(figure, named(row), `${Number(figure.entered)} ${figure.unit === "mu" ? t("亩") : inEnglish() ? row.unit_en : row.unit}`));
  }
  const elsewhere = draft.area && draft.area.code !== home.code ? el("p.message.bad", { id: "elsewhere" }, t("消息里说的好像不是{place},请核对。", { place: home.name })) : null;
  const missed = draft.leftover.map(({ start, end }) => el("li.read-line", { "data-sure": "false" }, t("没看懂的数字:“{words}”", { words: around(text, start, end) })));
  const open = el("button.button", { id: "open-draft", type: "button", onclick: () => openDraft(draft, text, app) }, t("填入报告,去核对"));
  return [elsewhere, el("ul.read-list", {}, ...lines, ...missed), draft.figures.length ? open : null].filter(Boolean);
}

/** A draft as a new report begins, on what is known, with what the message says in its place. */
async function openDraft(read, text, app) {
  const { world } = app;
  const event = world.events[0] ?? null;
  const versions = event ? world.versions(event.id) : [];
  const draft = begin({
    by: world.person, area: world.home.code, event: event?.id ?? null, hazard: event?.hazard, versions,
    indicators: world.catalogue.indicators, mu: world.mu, now: new Date(),
  });
  if (read.hazard && !versions.length) draft.hazard = read.hazard.key;
  if (read.occurred_at && Date.parse(read.occurred_at.at) <= Date.now()) draft.occurred_at = iso(read.occurred_at.at);
  for (const { key, entered, unit } of read.figures) {
    draft.figures[key] = String(Number(entered));
    if (unit) draft.units[key] = unit;
    else delete draft.units[key];
  }
  draft.text = text.trim();
  await keep(draft);
  await app.changed();
  app.go(`write/${draft.id}`);
}

/** A number with a few words beside it, within its clause. */
function around(text, start, end) {
  const before = /[^,\uff0c。\uff1b;、:\s]{0,5}$/.exec(text.slice(0, start))?.[0] ?? "";
  const after = /^[^,\uff0c。\uff1b;、:\s]{0,5}/.exec(text.slice(end))?.[0] ?? "";
  return before + text.slice(start, end) + after;
}
