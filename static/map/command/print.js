/** 打印: the window as a proper sheet, with title, legend, figures, scale, north, date, source and secrecy mark. */

import { by, el } from "../dom.js";
import { mayPrint, printForm, windowOf } from "./printing.js";

const PRINTED = ["townships", "villages", "zones", "closures", "roads", "shelters", "reports", "trips"];

export default {
  id: "print",
  title: "打印",
  group: "more",
  key: "p",
  mayUse: mayPrint,

  open({ t, told, map, command }, panel) {
    const what = () => {
      const { filter, moment } = command.state();
      const layers = command.layers.shown.filter((name) => PRINTED.includes(name));
      if (by("silence").checked) layers.push("silence");
      return { ...windowOf(map), ...filter, layers, zones_moment: moment };
    };
    panel.append(el("h2", {}, t("打印当前窗口")),
      ...printForm({ t, told, what, hint: t("印出当前窗口里打开的图层,筛选和合计与屏幕一致;文字可以检索。底图不印。") }));
    return () => {};
  },
};
