/** Writing a report: what matters first, everything kept at every change, nothing sent that would be refused. */

import { el } from "../../shared/dom.js";
import { named, t } from "../../shared/i18n.js";
import { keep as remember, one } from "../../shared/db.js";
import { fromLocal, iso, local } from "../../shared/time.js";
import { begin, beginZero, canonicalOf, drop, keep, putRight, wire } from "../draft.js";
import { askWhy } from "../falls.js";
import { field, figure, hazardPicker, showFaults } from "../fields.js";
import { faultsOf, faultsTold, forgive } from "../judgement.js";
import { seal } from "../outbox.js";
import { photoField } from "./photo_field.js";
import { placeField } from "./place_field.js";

/** @param {HTMLElement} main @param {any} app @param {string} id of a draft, "" for a new report */
export async function write(main, app, id) {
  const unfinished = await one("drafts", id || (latest(app.world)?.id ?? ""));
  const draft = unfinished ?? fresh(app.world, id);
  let kept = Boolean(unfinished);
  /** Sent or thrown away: from here on nothing writes the draft again. */
  let done = false;
  const place = placeField(draft, app.world, ({ chosen }) => changed("fix", { chosen }));
  const photos = photoField(draft, () => changed("photos"));
  const voiceSlot = el("div");
  const voices = import("./voice_field.js").then(({ voiceField }) => voiceField(draft, () => changed("voices")), () => null);
  voices.then((found) => found && voiceSlot.replaceWith(found.element));
  const form = el("form.write", { novalidate: true });
  const rest = el("div.message.bad", { id: "rest", hidden: true });

  /** Keep each change; the faults of the changed field are looked at again. */
  async function changed(path, { chosen = true } = {}) {
    forgive(draft, path);
    // A position that came by itself is no reason to leave a draft behind.
    kept ||= chosen;
    if (kept) await store();
    if (form.dataset.tried) show(faults());
    askWhy(form, draft, store);
  }

  async function store() {
    if (!done) await keep(draft).catch(notStored);
  }

  /** The phone is full: what is on the screen is all there is. @param {Error} error */
  function notStored(error) {
    rest.hidden = false;
    rest.replaceChildren(el("p", {}, t("手机没有存下,可能空间不够:请不要关闭本页,清理空间后再试。")), el("p", {}, error.message));
    rest.scrollIntoView({ block: "center" });
  }
  const faults = () => ({ ...faultsTold(draft.problem, draft.notes), ...faultsOf(draft, app.world, Date.now()) });

  function show(found) {
    const left = showFaults(form, found, draft.notes, store);
    const words = [draft.problem?.message, ...left.map(({ message }) => message)].filter(Boolean);
    rest.hidden = !words.length || !Object.keys(found).length;
    rest.replaceChildren(...words.map((text) => el("p", {}, text)));
  }

  async function send(event) {
    event.preventDefault();
    form.dataset.tried = "yes";
    await photos.settled();
    await (await voices)?.settled();
    const found = faults();
    show(found);
    if (done) return undefined;
    if (Object.keys(found).length) return (form.querySelector(".wrong") ?? rest).scrollIntoView({ block: "center" });
    done = true;
    const report = wire(draft, new Date());
    try {
      await seal(draft, report, canonicalOf(report, app.world.catalogue));
    } catch (error) {
      done = false;
      return notStored(error);
    }
    await app.changed();
    app.go("");
    return app.outbox.flush();
  }

  /** 与上次相同: one tap; what it would refuse is shown on its own screen. */
  async function sameAsLast() {
    if (done) return undefined;
    const { by, area, event, hazard, previous, corrects } = draft;
    const versions = app.world.versions(event);
    const nothing = beginZero({ by, area, event, hazard, versions, indicators: app.world.catalogue.indicators, now: new Date() });
    if (nothing.corrects !== corrects || Object.keys(faultsOf(nothing, app.world, Date.now())).length) return app.go("zero");
    done = true;
    await seal(nothing, wire(nothing, new Date()), { ...previous });
    await drop(draft.id);
    await app.changed();
    app.go("");
    return app.outbox.flush();
  }

  async function discard() {
    if (!confirm(t("删除这份草稿?填的内容不能找回。"))) return;
    done = true;
    await drop(draft.id);
    await app.changed();
    app.go("");
  }

  form.append(
    rest, draft.returned ? el("p.message.bad", { id: "returned" }, t("退回意见:{remark}", { remark: draft.returned.remark })) : "",
    draft.previous && !draft.returned ? el("button.row-button", { type: "button", id: "same", onclick: sameAsLast }, t("与上次相同,报零报告")) : "",
    ...head(draft, app, (path) => changed(path)),
    field("hazard", t("什么灾"), hazardPicker(app.world.catalogue.hazards, draft, () => changed("hazard"))),
    timeField(draft, () => changed("occurred_at")),
    ...figures(draft, app.world, changed),
    place.element,
    photos.element,
    voiceSlot,
    textField(draft, () => changed("text")),
    el("div.send", {}, el("button.button", { id: "send", type: "submit" }, t("上报"))),
    el("button.row-button", { type: "button", onclick: () => app.go("") }, t("先存着,回首页")),
    el("button.row-button.bad", { type: "button", id: "drop", onclick: discard }, t("删除这份草稿")),
  );
  askWhy(form, draft, store);
  form.addEventListener("submit", send);
  main.append(el("h2", {}, t("报灾情")), form);
  if (draft.problem) {
    form.dataset.tried = "yes";
    show(faults());
  }
  return { leave: () => (place.leave(), voices.then((found) => found?.leave())) };
}

/** Start from what is known; `version` is a report that is to be continued or corrected. */
function fresh(world, version) {
  const continued = world.reports.find(({ id }) => id === version);
  const event = continued ? continued.event : (world.events[0]?.id ?? null);
  const hazard = continued?.hazard ?? world.events[0]?.hazard;
  // Outside an event only a correction continues a series: two storms a month apart are not one report.
  const versions = event ? world.versions(event) : world.versions(null).filter(({ id }) => id === version);
  const started = begin({ ...common(world), event, hazard, versions });
  if (continued?.state === "returned" && started.corrects === continued.id) return putRight(started, continued);
  return isStable(world, event) && started.corrects ? { ...started, kind: "verified" } : started;
}

/** Whether an event has become stable: then the 核报 is due. */
const isStable = (world, event) => Boolean(world.events.find(({ id }) => id === event)?.stable_at);

const common = (world) => ({ by: world.person, area: world.home.code, indicators: world.catalogue.indicators, mu: world.mu, now: new Date() });

/** The report somebody was writing when the phone went dark. */
function latest({ drafts }) {
  return drafts.filter(({ problem, kind }) => !problem && kind !== "zero").sort((a, b) => b.changed - a.changed)[0];
}

/** Go over to another event: what was only prefilled is filled anew, what was typed stays. */
function moveTo(event, draft, world) {
  const of = (one, hazard) => begin({ ...common(world), event: one, hazard, versions: one ? world.versions(one) : [] });
  const before = of(draft.event, "").figures;
  const { figures, units, kind, corrects, previous } = of(event, draft.hazard);
  const untouched = JSON.stringify(before) === JSON.stringify(draft.figures);
  Object.assign(draft, { event, kind, corrects, previous }, untouched ? { figures, units } : {});
}

/** Which event, and which kind of report. */
function head(draft, app, changed) {
  const { world } = app;
  const parts = [];
  if (world.events.length) {
    const options = [...world.events.map(({ id, name }) => [id, name]), ["", t("不属于以上过程")]];
    const select = el("select", { "aria-labelledby": "label-event" }, ...options.map(([value, name]) => el("option", { value, selected: value === (draft.event ?? "") }, name)));
    select.addEventListener("change", async () => {
      moveTo(select.value || null, draft, world);
      await changed("event");
      app.go(`write/${draft.id}`);
    });
    parts.push(field("event", t("灾害过程"), select));
  }
  // A 核报 comes when the disaster is stable; outside an event nobody says when that is.
  const offered = (key) => key !== "zero" && (key !== "verified" || !draft.event || isStable(world, draft.event) || draft.kind === key);
  const kinds = world.catalogue.kinds.filter(({ key }) => offered(key));
  const kind = el("select", { id: "kind", "aria-labelledby": "label-kind" }, ...kinds.map((row) => el("option", { value: row.key, selected: row.key === draft.kind }, named(row))));
  kind.addEventListener("change", () => { draft.kind = kind.value; changed("kind"); });
  parts.push(field("kind", t("报告种类"), kind, draft.corrects ? el("p.soft", {}, t("已填上次的累计数,请在上面改成现在的累计数。")) : null));
  return parts;
}

function timeField(draft, changed) {
  const input = el("input", { type: "datetime-local", id: "occurred", "aria-labelledby": "label-occurred_at", value: local(draft.occurred_at) });
  input.addEventListener("input", () => { draft.occurred_at = fromLocal(input.value) ?? ""; changed(); });
  const set = (hoursAgo) => () => {
    draft.occurred_at = iso(Date.now() - hoursAgo * 3600_000);
    input.value = local(draft.occurred_at);
    changed();
  };
  const button = (text, hoursAgo) => el("button.row-button", { type: "button", onclick: set(hoursAgo) }, text);
  return field("occurred_at", t("发生时间"), input, el("div.row", {}, button(t("刚才"), 0), button(t("1 小时前"), 1)));
}

/** The few that matter, and the full table behind one tap, opened where it holds something. */
function figures(draft, world, changed) {
  const { indicators } = world.catalogue;
  const make = (row) => figure(row, draft, world.catalogue, ({ mu } = {}) => {
    if (mu !== undefined) { world.mu = mu; remember("mu", mu); }
    changed(`figures.${row.key}`);
  });
  const others = indicators.filter(({ main }) => !main);
  const table = el("div.table");
  const button = el("button.row-button", { type: "button", id: "full-table", "aria-expanded": "false" }, t("填写全部指标({count} 项)", { count: others.length }));
  const open = () => {
    table.replaceChildren(...others.map(make));
    button.setAttribute("aria-expanded", "true");
    button.hidden = true;
  };
  button.addEventListener("click", open);
  if (others.some(({ key }) => (draft.figures[key] ?? "") !== "" || draft.problem?.errors[`figures.${key}`])) open();
  return [el("h3", {}, t("损失数字(累计)")), ...indicators.filter(({ main }) => main).map(make), button, table];
}

function textField(draft, changed) {
  const area = el("textarea", { rows: 3, maxlength: 2000, id: "text", "aria-labelledby": "label-text" });
  area.value = draft.text;
  area.addEventListener("input", () => { draft.text = area.value; changed(); });
  return field("text", t("补充说明"), area);
}
