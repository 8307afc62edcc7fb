/** The screen that finds a thing: by the camera, by a photo of its code, or by the last digits of its number. */

import { read } from "../shared/codes.js";
import { el } from "../shared/dom.js";
import { t } from "../shared/i18n.js";
import { hasCamera, readPhoto, watch } from "../shared/scan.js";
import { back } from "./words.js";

/** @param {HTMLElement} box @param {any} app */
export async function scanning(box, app) {
  let stop = () => {};
  let isLeft = false;
  const say = el("p.message.bad", { hidden: true, role: "alert" });
  const tell = (words) => ((say.hidden = !words), (say.textContent = words));
  const video = el("video.eye", { playsinline: true, muted: true, hidden: true });
  const look = el("button.button.big", { type: "button", hidden: !hasCamera(), onclick: open }, t("打开摄像头扫码"));
  const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/webp", onchange: () => photo(file.files[0]) });
  const number = el("input", { name: "number", inputmode: "text", autocomplete: "off", placeholder: t("例如 00012") });
  const typed = el("form", { novalidate: true }, el("label.field", {}, t("或输入单号、申请号的后几位"), number), el("button.button.quiet.big", { type: "submit" }, t("查找")));

  async function open() {
    tell("");
    look.hidden = true;
    video.hidden = false;
    try {
      stop = await watch(video, found);
      if (isLeft) stop();
    } catch {
      video.hidden = true;
      look.hidden = false;
      tell(t("打不开摄像头。请允许使用摄像头,或拍一张二维码的照片。"));
    }
  }

  async function photo(picture) {
    tell("");
    if (!picture) return;
    const text = await readPhoto(picture).catch(() => "");
    file.value = "";
    if (text) await found(text);
    else tell(t("照片里没有认出二维码,请靠近一些再拍。"));
  }

  async function found(text) {
    video.hidden = true;
    look.hidden = !hasCamera();
    const code = read(text);
    if (!code) return tell(t("这不是本系统的二维码。"));
    return tell(await app.found(code));
  }

  typed.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (number.value.trim()) tell(await app.typed(number.value.trim()));
  });
  box.append(back(app), el("h2", {}, t("扫码或输入单号")), say, video, look, el("label.field", {}, t("拍下二维码,或选一张照片"), file), typed);
  return { leave: () => ((isLeft = true), stop()) };
}
