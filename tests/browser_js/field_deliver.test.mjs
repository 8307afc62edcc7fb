import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Refusal, Unreachable } from "../../static/shared/api.js";
import { Delivery, PIECE_BYTES } from "../../static/field/deliver.js";

// A server of media_api.py's shape: it holds what arrived and answers where to go on.
const HASH = "a".repeat(64);
const row = { id: "5a1c", by: "7" };
const photo = Uint8Array.from({ length: 2 * PIECE_BYTES + 77 }, (_, at) => at % 251);
const real = globalThis.fetch;

function serve({ has = [], cutAt = Infinity, refuse = null } = {}) {
  const state = { bytes: [...has], sent: 0, asked: [], stored: false, left: cutAt };
  const told = () => ({ offset: state.bytes.length, size: photo.length, stored: state.stored });
  const answer = (body, status = 200) => new Response(JSON.stringify(body), { status });
  globalThis.fetch = async (path, { method, headers, body }) => {
    state.asked.push([method, path, headers["Upload-Offset"]]);
    if (path === "/api/me") return answer({ person: { id: row.by } });
    if (method === "PUT") return answer({ hash: HASH, stored: true }, 201);
    if (method === "GET") return answer(told());
    if (state.left-- <= 0) throw new TypeError("network");
    state.sent += body.byteLength;
    if (refuse) return answer(refuse, 409);
    assert.equal(Number(headers["Upload-Offset"]), state.bytes.length);
    state.bytes = [...state.bytes, ...new Uint8Array(body)];
    state.stored = state.bytes.length === photo.length;
    return answer(told());
  };
  return state;
}

afterEach(() => {
  globalThis.fetch = real;
});

const upload = (bytes = photo.buffer) => new Delivery(() => ({ send: () => false })).upload(row, HASH, bytes);

test("a photo larger than a piece goes in pieces, whole", async () => {
  const server = serve();
  await upload();
  assert.deepEqual(Uint8Array.from(server.bytes), photo);
  assert.deepEqual(server.asked.map(([method, , offset]) => [method, offset]).slice(2),
    [["PATCH", "0"], ["PATCH", String(PIECE_BYTES)], ["PATCH", String(2 * PIECE_BYTES)]]);
  assert.equal(server.asked[2][1], `/api/uploads/${HASH}?report=5a1c&kind=photo&size=${photo.length}`);
});

test("cut off, it goes on from the byte the server has", async () => {
  const first = serve({ cutAt: 2 });
  await assert.rejects(upload(), Unreachable);
  const second = serve({ has: first.bytes });
  await upload();
  assert.equal(second.sent, 77);
  assert.deepEqual(Uint8Array.from(second.bytes), photo);
});

test("whole but not yet stored: an empty piece finishes it", async () => {
  const server = serve({ has: photo });
  await upload();
  assert.deepEqual([server.sent, server.stored], [0, true]);
});

test("a small photo is one request", async () => {
  const server = serve();
  await upload(photo.slice(0, 100).buffer);
  assert.deepEqual(server.asked.map(([method]) => method), ["GET", "PUT"]);
});

test("a voice note goes to its own door", async () => {
  const server = serve();
  const spoken = { ...row, report: { voices: [HASH] } };
  await new Delivery(() => ({ send: () => false })).upload(spoken, HASH, new ArrayBuffer(9));
  assert.equal(server.asked[1][1], `/api/reports/5a1c/voices/${HASH}`);
});

test("a wrong offset is the server's to say", async () => {
  serve({ refuse: { number: "409.6", message: "x", errors: { offset: "x" } } });
  await assert.rejects(upload(), (error) => error instanceof Refusal && error.number === "409.6");
});
