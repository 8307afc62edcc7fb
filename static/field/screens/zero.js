/** 零报告: nothing new, in two taps – the door on the first screen, and the confirmation here. */

import { el } from "../../shared/dom.js";
import { one } from "../../shared/db.js";
import { t } from "../../shared/i18n.js";
import { beginZero, canonicalOf, drop, keep, wire } from "../draft.js";
import { field, hazardPicker, showFaults } from "../fields.js";
import { faultsOf, faultsTold, forgive } from "../judgement.js";
import { seal } from "../outbox.js";

/** @param {HTMLElement} main @param {any} app @param {string} id of a refused one, "" for a new one */
export async function zero(main, app, id) {
  const { world } = app;
  const draft = (id && (await one("drafts", id))) || fresh(world);
  const event = world.events.find((row) => row.id === draft.event);
  const form = el("form.write");
  const rest = el("div.message.bad", { hidden: true });
  let done = false;

  function show() {
    const found = { ...faultsTold(draft.problem, draft.notes), ...faultsOf(draft, world, Date.now()) };
    const left = showFaults(form, found, draft.notes, () => keep(draft));
    rest.hidden = !Object.keys(found).length;
    rest.replaceChildren(...[draft.problem?.message, ...left.map(({ message }) => message)].filter(Boolean).map((text) => el("p", {}, text)));
    return Object.keys(found).length === 0;
  }

  form.addEventListener("submit", async (submitted) => {
    submitted.preventDefault();
    if (done || !show()) return;
    done = true; // a second tap is no second report
    const report = wire(draft, new Date());
    await seal(draft, report, { ...draft.previous, ...canonicalOf(report, world.catalogue) });
    await app.changed();
    app.go("");
    app.outbox.flush();
  });
  const parts = [
    rest,
    el("p.message", {}, draft.previous ? t("{place}没有新的灾情,数字与上次相同。", { place: world.home.name }) : t("{place}目前没有灾情。", { place: world.home.name })),
    event ? el("p", {}, t("灾害过程"), ":", event.name) : null,
    el("button.button", { type: "submit", id: "confirm-zero" }, t("确认上报零报告")),
    field("hazard", t("灾种"), hazardPicker(world.catalogue.hazards, draft, () => forgive(draft, "hazard"))),
    el("button.row-button", { type: "button", onclick: () => app.go("") }, t("返回")),
    draft.problem ? el("button.row-button.bad", { type: "button", onclick: () => drop(draft.id).then(() => app.changed()).then(() => app.go("")) }, t("删除这份草稿")) : null,
  ];
  form.append(...parts.filter(Boolean));
  main.append(el("h2", {}, t("零报告")), form);
  if (draft.problem) show();
}

/** In the newest open event; without one, of the hazard reported last. */
function fresh(world) {
  const event = world.events[0] ?? null;
  const versions = event ? world.versions(event.id) : [];
  const last = world.papers(new Set()).find(({ report }) => report.hazard)?.report.hazard;
  return beginZero({
    by: world.person, area: world.home.code, event: event?.id ?? null, hazard: event?.hazard ?? last ?? "flood", versions,
    indicators: world.catalogue.indicators, now: new Date(),
  });
}
