/** Photos of a report: taken or chosen, shrunk here, kept with the draft in one transaction. */

import { el } from "../../shared/dom.js";
import { write } from "../../shared/db.js";
import { t } from "../../shared/i18n.js";
import { forgetPhotos } from "../draft.js";
import { field } from "../fields.js";
import { MAX_PHOTOS, picture, shrink } from "../photos.js";

/**
 * @param {import("../draft.js").Draft} draft @param {() => Promise<void>} changed
 * @returns {{element: HTMLElement, settled: () => Promise<void>}}  settled: what was chosen has been taken in
 */
export function photoField(draft, changed) {
  let work = Promise.resolve();
  const strip = el("div.photos");
  const said = el("p.soft", { role: "status", id: "photo-words" });
  const input = el("input", { type: "file", accept: "image/*", multiple: true, id: "photo-input", class: "unseen" });
  const button = el("label.button.quiet", { for: "photo-input" }, t("拍照或选照片"));

  async function add(files) {
    const refused = [];
    for (const file of files) {
      if (draft.photos.length >= MAX_PHOTOS) {
        refused.push(t("最多 {count} 张照片", { count: MAX_PHOTOS }));
        break;
      }
      said.textContent = t("正在处理照片…");
      try {
        const photo = await shrink(file);
        if (!draft.photos.includes(photo.hash)) draft.photos.push(photo.hash);
        await write({ photos: { put: [photo] }, drafts: { put: [draft] } });
      } catch (error) {
        refused.push(error.name === "QuotaExceededError" ? t("手机空间不够,照片没有存下") : error.message);
      }
    }
    input.value = "";
    said.textContent = refused.join(";");
    said.classList.toggle("bad", refused.length > 0);
    await changed();
    await paint();
  }

  async function remove(hash) {
    draft.photos = draft.photos.filter((one) => one !== hash);
    await changed();
    await forgetPhotos([hash]);
    await paint();
  }

  async function paint() {
    const shown = await Promise.all(draft.photos.map(async (hash) => {
      const src = await picture(hash);
      const image = el("img", { src, alt: t("照片") });
      image.onload = () => URL.revokeObjectURL(src);
      return el("figure", { "data-photo": hash }, image, el("button.remove", { type: "button", "aria-label": t("去掉这张照片"), onclick: () => remove(hash) }, "×"));
    }));
    strip.replaceChildren(...shown);
  }

  input.addEventListener("change", () => {
    const files = [...input.files];
    work = work.then(() => add(files));
  });
  paint();
  const element = field("photos", t("照片(最多 {count} 张)", { count: MAX_PHOTOS }), strip, input, button, said);
  return { element, settled: () => work };
}
