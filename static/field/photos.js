/**
 * Photos: shrunk on the phone, named by the hash of their bytes, sent after their report.
 */

import { one } from "../shared/db.js";
import { t } from "../shared/i18n.js";
import { exifOf, withExif } from "./exif.js";

const LONGEST_PX = 1600;
const LARGEST_BYTES = 300_000;
const QUALITIES = [0.82, 0.7, 0.58, 0.46, 0.35];
/** A camera writes its EXIF within this of the file's beginning. */
const HEAD_BYTES = 256 * 1024;
export const MAX_PHOTOS = 9;

/** A file that can't be taken; the message names it. */
export class NotAPhoto extends Error {}

/**
 * @param {File} file
 * @returns {Promise<{hash: string, bytes: ArrayBuffer, width: number, height: number}>}
 * @throws {NotAPhoto}
 */
export async function shrink(file) {
  const name = file.name || t("这个文件");
  if (!globalThis.crypto?.subtle) throw new NotAPhoto(t("要用 https 打开本页才能附照片"));
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotAPhoto(t("“{name}”不是照片,或手机打不开,没有添加", { name }));
  }
  const scale = Math.min(1, LONGEST_PX / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  picture.close();
  const shrunk = await smallEnough(canvas);
  canvas.width = canvas.height = 0; // a phone with 2 GB wants its memory back now
  // Where and when it was taken goes along: the desk compares it with the report.
  const bytes = shrunk && withExif(shrunk, exifOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())));
  if (!bytes) throw new NotAPhoto(t("“{name}”处理不了,请换一张", { name }));
  return { hash: await sha256(bytes), bytes, width, height };
}

async function smallEnough(canvas) {
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= LARGEST_BYTES) break;
  }
  return blob?.arrayBuffer();
}

/** @param {BufferSource} bytes @returns {Promise<string>} hexadecimal */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An address to show a photo by, from the phone's own memory. @param {string} hash @returns {Promise<string | null>} */
export async function picture(hash) {
  const photo = await one("photos", hash);
  return photo ? URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" })) : null;
}
