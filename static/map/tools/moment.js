/** 时刻: the hazard zones as they were, or will be, at another moment. */

import { el } from "../dom.js";
import { fromLocal, local } from "../../shared/time.js";

const HOUR_MS = 3_600_000;
const STEPS = [[-24, "前一天"], [-1, "前一小时"], [1, "后一小时"], [24, "后一天"]];

export default {
  id: "moment",
  title: "时刻",
  mayUse: () => true,

  open({ moment, t }, panel) {
    const input = el("input", { type: "datetime-local", name: "moment", onchange: () => input.value && moment.show(fromLocal(input.value)) });
    const now = el("button", { type: "button", onclick: () => moment.show(null) }, t("现在"));
    const step = (hours) => moment.show(fromLocal(local(Date.parse(fromLocal(input.value) ?? "") + hours * HOUR_MS)));
    const show = () => {
      input.value = local(moment.value ?? Date.now());
      now.setAttribute("aria-pressed", String(moment.value === null));
    };
    panel.append(
      el("h2", {}, t("看哪个时刻的隐患区")),
      el("p.row", {}, now),
      el("label", {}, t("北京时间"), input),
      el("div.row.steps", {}, ...STEPS.map(([hours, zh]) => el("button", { type: "button", "data-hours": hours, onclick: () => step(hours) }, t(zh)))),
      el("p.soft", {}, t("过去的时刻:当时已经划定、还没解除、没有过期的。将来的时刻:按现在所知,到时仍有效的。")),
    );
    show();
    return moment.listen(show);
  },
};
