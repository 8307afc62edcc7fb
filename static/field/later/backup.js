/**
 * Carrying unsent work in a file: out of a dying phone, into another one.
 *
 * The file holds drafts, sealed reports, and stored ones whose photos still wait; all with their photos.
 * A report keeps its id: should both phones send it, the bureau stores it once.
 */

import { all, one, write } from "../../shared/db.js";
import { t } from "../../shared/i18n.js";
import { iso } from "../../shared/time.js";
import { sha256 } from "../photos.js";

const FORMAT = "zaiqing-unsent";
const VERSION = 1;
/** A file of more than this is none of ours: nine photos of 300 KB each, some dozen times. */
const LARGEST_BYTES = 100 * 1024 * 1024;

/** A file that can't be read; the message says why. */
export class NotABackup extends Error {}

/** What of each shelf has not reached the bureau yet. */
const UNSENT = {
  drafts: () => true,
  outbox: () => true,
  sent: ({ photos }) => Object.values(photos).includes("waiting"),
};
const SHELVES = /** @type {(keyof typeof UNSENT)[]} */ (Object.keys(UNSENT));
/** The photos a row still needs; those of a draft have no state yet. */
const needs = ({ photos, voices = [] }) => (Array.isArray(photos) ? [...photos, ...voices] : Object.keys(photos).filter((hash) => photos[hash] === "waiting"));
const areaOf = (row) => row.report?.area ?? row.area;

/** @param {string} person @returns {Promise<Blob>} */
export async function exportAll(person) {
  /** @type {Record<string, any[]>} */
  const rows = {};
  for (const shelf of SHELVES) rows[shelf] = (await all(shelf)).filter((row) => row.by === person && UNSENT[shelf](row));
  /** @type {Record<string, string>} */
  const photos = {};
  for (const hash of new Set(SHELVES.flatMap((shelf) => rows[shelf].flatMap(needs)))) {
    const photo = await one("photos", hash);
    if (photo) photos[hash] = inBase64(photo.bytes);
  }
  const written_at = iso(Date.now());
  const content = JSON.stringify({ format: FORMAT, version: VERSION, written_at, ...rows, photos });
  return new Blob([content], { type: "application/json" });
}

/**
 * Take in what another phone wrote: whole or not at all. What is here already stays as it is; what
 * belongs to another person or village is left out.
 * @param {File} file
 * @param {string} person
 * @param {string} area
 * @returns {Promise<{taken: number, skipped: number}>}
 * @throws {NotABackup}
 */
export async function importFrom(file, person, area) {
  const content = await read(file);
  let skipped = 0;
  /** @type {Record<string, any[]>} */
  const fresh = { drafts: [], outbox: [], sent: [] };
  for (const shelf of SHELVES) {
    for (const row of content[shelf]) {
      const foreign = row.by !== person || areaOf(row) !== area;
      if (foreign || (await knows(row.id))) skipped += 1;
      else fresh[shelf].push(row);
    }
  }
  const pictures = await whole(content.photos, SHELVES.flatMap((shelf) => fresh[shelf].flatMap(needs)));
  await write({ photos: { put: pictures }, drafts: { put: fresh.drafts }, outbox: { put: fresh.outbox }, sent: { put: fresh.sent } });
  return { taken: SHELVES.reduce((sum, shelf) => sum + fresh[shelf].length, 0), skipped };
}

async function knows(id) {
  for (const shelf of SHELVES) if (await one(shelf, id)) return true;
  return false;
}

async function read(file) {
  const wrong = new NotABackup(t("“{name}”不是本页导出的文件", { name: file.name }));
  if (file.size > LARGEST_BYTES) throw wrong;
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw wrong;
  }
  if (content?.format !== FORMAT) throw wrong;
  if (content.version > VERSION) throw new NotABackup(t("“{name}”由更新的版本导出,请先更新本页", { name: file.name }));
  const rightly = SHELVES.every((shelf) => Array.isArray(content[shelf]) && content[shelf].every(SHAPES[shelf]));
  if (!rightly || !isObject(content.photos)) throw wrong;
  return content;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isRow = (row) => isObject(row) && typeof row.id === "string" && typeof row.by === "string";
const isDraft = (row) => isRow(row) && typeof row.area === "string" && isObject(row.figures) && Array.isArray(row.photos);
const isSealed = (row) =>
  isRow(row) && typeof row.order === "number" && isObject(row.photos) && isObject(row.report) && row.report.id === row.id && isDraft(row.draft);
const SHAPES = { drafts: isDraft, outbox: isSealed, sent: (row) => isSealed(row) && isObject(row.receipt) };

/** The photos that are needed, each proven by its hash: a damaged file must not pass. */
async function whole(photos, needed) {
  const found = [];
  for (const hash of new Set(needed)) {
    if (await one("photos", hash)) continue;
    const bytes = fromBase64(photos[hash]);
    if (!bytes || (await sha256(bytes)) !== hash) throw new NotABackup(t("文件里的照片不完整,没有导入"));
    found.push({ hash, bytes: bytes.buffer });
  }
  return found;
}

/** In pieces: a whole photo is too many arguments for one call. @param {ArrayBuffer} bytes */
function inBase64(bytes) {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000));
  return btoa(text);
}

/** @param {unknown} text @returns {Uint8Array<ArrayBuffer> | null} */
function fromBase64(text) {
  try {
    return Uint8Array.from(atob(/** @type {string} */ (text)), (sign) => sign.charCodeAt(0));
  } catch {
    return null;
  }
}
