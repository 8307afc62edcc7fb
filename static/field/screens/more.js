/** What is needed rarely: taking the papers along as a file, the look, the language, signing out. */

import { post } from "../../shared/api.js";
import { el } from "../../shared/dom.js";
import { t } from "../../shared/i18n.js";
import { languageButton, lookSwitch } from "../../shared/settings.js";
import { local } from "../../shared/time.js";
import { waitingPhotos } from "../outbox.js";

/** @param {HTMLElement} main @param {any} app */
export function more(main, app) {
  const said = el("p.message", { role: "status", id: "said", hidden: true });
  const say = (words, bad = false) => {
    said.textContent = words;
    said.hidden = false;
    said.classList.toggle("bad", bad);
  };
  const input = el("input", { type: "file", accept: ".json,application/json", id: "import-file", class: "unseen" });
  input.addEventListener("change", () => bring(input, app, say));
  const parts = [
    el("h2", {}, t("导出、语言、退出")), said,
    el("p", {}, app.world.me.person.name, " · ", app.world.home.name),
    el("p.soft", {}, t("手机要送修、换手机、没有网络时,可以把没发出的报告存成文件,在别的手机或电脑上读入再发。")),
    el("button.row-button", { id: "export", onclick: () => take(app, say) }, t("导出为文件")),
    input, el("label.row-button", { for: "import-file" }, t("读入文件")),
    app.installable ? el("button.row-button", { id: "install", onclick: () => app.installable() }, t("放到手机桌面")) : null,
    lookSwitch(),
    languageButton("button.row-button"),
    el("button.row-button.bad", { id: "sign-out", onclick: () => signOut(app, say) }, t("退出登录")),
    el("button.row-button", { onclick: () => app.go("") }, t("返回")),
  ];
  main.append(...parts.filter(Boolean));
}

async function take(app, say) {
  const { exportAll } = await import("../later/backup.js");
  const file = await exportAll(app.world.person);
  const name = `${t("灾情草稿")}-${app.world.home.name}-${local(Date.now()).replace(/[-T:]/g, "")}.json`;
  const link = el("a", { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  say(t("已导出:{name}", { name }));
}

async function bring(input, app, say) {
  const { importFrom } = await import("../later/backup.js");
  try {
    const { taken, skipped } = await importFrom(input.files[0], app.world.person, app.world.home.code);
    say(t("读入 {taken} 份,跳过 {skipped} 份", { taken, skipped }));
  } catch (error) {
    say(error.message, true);
  }
  input.value = "";
  await app.changed();
  app.outbox.flush();
}

async function signOut(app, say) {
  const { drafts, outbox, sent, answers } = app.world;
  const waiting = outbox.length + answers.length + drafts.filter(({ problem }) => problem).length + sent.filter((row) => waitingPhotos(row).length).length;
  if (waiting) return say(t("还有 {count} 份没有送到市局,不能退出。请先发送,或导出为文件。", { count: waiting }), true);
  if (drafts.length && !confirm(t("草稿会留在这部手机里,下次登录可以继续填。现在退出?"))) return undefined;
  try {
    await post("/api/sign-out", {});
  } catch (error) {
    return say(error.message, true);
  }
  await app.world.forget();
  return location.replace("/sign-in/?next=/field/");
}
