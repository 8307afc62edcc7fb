/** Unsent work in a file: written on one phone, read on another (memory stands in for IndexedDB). */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { exportAll, importFrom, NotABackup } from "../../static/field/later/backup.js";
import { sha256 } from "../../static/field/photos.js";
import { all, one, STORES, write } from "../../static/shared/db.js";

const HERE = "340882202201";
const draft = (id, rest = {}) => ({ id, by: "7", area: HERE, figures: { affected: "3" }, photos: [], ...rest });
const sealed = (id, photos = {}) => ({
  id, by: "7", order: 1, report: { id, area: HERE, photos: Object.keys(photos) }, canonical: {}, draft: draft(id), photos,
});
/** A photo larger than one piece of the base64 writer. */
async function photo() {
  const bytes = new Uint8Array(100_000).map((_, at) => at % 251);
  return { hash: await sha256(bytes), bytes: bytes.buffer };
}

async function empty() {
  for (const store of Object.keys(STORES)) {
    await write({ [store]: { remove: (await all(store)).map((row) => row[STORES[store]]) } });
  }
}
beforeEach(empty);

const told = async (file, person = "7") => {
  try {
    return await importFrom(file, person, HERE);
  } catch (error) {
    assert.ok(error instanceof NotABackup, String(error));
    return error.message;
  }
};
const changed = async (file, change) => {
  const content = JSON.parse(await file.text());
  change(content);
  return new File([JSON.stringify(content)], "a.json");
};

test("what has not arrived goes into the file and comes out the same on another phone", async () => {
  const picture = await photo();
  const { hash } = picture;
  const rows = {
    drafts: [draft("d", { photos: [hash] })],
    outbox: [sealed("o")],
    sent: [{ ...sealed("s", { [hash]: "waiting" }), receipt: { number: "1" } }],
  };
  await write({ drafts: { put: rows.drafts }, outbox: { put: rows.outbox }, sent: { put: [...rows.sent, { ...sealed("done", { [hash]: "stored" }), receipt: {} }] }, photos: { put: [picture] } });
  const file = await exportAll("7");
  await empty();
  assert.deepEqual(await told(file), { taken: 3, skipped: 0 });
  for (const [shelf, expected] of Object.entries(rows)) assert.deepEqual(await all(shelf), expected);
  assert.deepEqual(await one("photos", hash), picture);
});

test("a draft's voice notes go along", async () => {
  const voice = await photo();
  await write({ drafts: { put: [draft("d", { voices: [voice.hash] })] }, photos: { put: [voice] } });
  const file = await exportAll("7");
  await empty();
  assert.deepEqual(await told(file), { taken: 1, skipped: 0 });
  assert.deepEqual((await one("photos", voice.hash)).bytes, voice.bytes);
});

test("what the phone has already is not overwritten", async () => {
  await write({ drafts: { put: [draft("d")] } });
  const file = await exportAll("7");
  await write({ drafts: { put: [draft("d", { figures: { affected: "9" } })] } });
  assert.deepEqual(await told(file), { taken: 0, skipped: 1 });
  assert.equal((await one("drafts", "d")).figures.affected, "9");
});

test("another person's or another village's work is left out, both ways", async () => {
  await write({ drafts: { put: [draft("mine"), draft("hers", { by: "8" }), draft("afar", { area: "340882202202" })] } });
  const file = await exportAll("7");
  assert.equal(JSON.parse(await file.text()).drafts.length, 2);
  await empty();
  assert.deepEqual(await told(file), { taken: 1, skipped: 1 });
  await empty();
  assert.deepEqual(await told(file, "8"), { taken: 0, skipped: 2 });
  assert.deepEqual(await all("drafts"), []);
});

test("a file that is none of ours, newer or damaged is refused by name, and nothing is taken", async () => {
  const picture = await photo();
  await write({ drafts: { put: [draft("d", { photos: [picture.hash] })] }, photos: { put: [picture] } });
  const file = await exportAll("7");
  await empty();
  const wrong = /^“a\.json”不是本页导出的文件$/;
  assert.match(await told(new File(["\u0000\u0001"], "a.json")), wrong);
  assert.match(await told(new File(['{"format":"else"}'], "a.json")), wrong);
  for (const spoil of [
    (content) => delete content.outbox,
    (content) => (content.drafts = [null]),
    (content) => (content.drafts[0].figures = null),
    (content) => (content.outbox = [{ id: "x", by: "7", order: 1, photos: {}, report: { id: "y" } }]),
    (content) => (content.photos = null),
  ]) assert.match(await told(await changed(file, spoil)), wrong);
  assert.match(await told(await changed(file, (content) => (content.version = 2))), /更新的版本/);
  const cut = await changed(file, ({ photos }) => (photos[picture.hash] = photos[picture.hash].slice(0, 400)));
  assert.equal(await told(cut), "文件里的照片不完整,没有导入");
  assert.equal(await told(await changed(file, (content) => (content.photos = {}))), "文件里的照片不完整,没有导入");
  for (const shelf of ["drafts", "outbox", "photos"]) assert.deepEqual(await all(shelf), []);
});
