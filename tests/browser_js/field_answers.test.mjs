import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keepAnswer, sendAnswers } from "../../static/field/later/answers.js";
import { all, write } from "../../static/shared/db.js";

// Without IndexedDB the phone's memory is memory; the network is what each test says it is.
const asked = [];
let strangers = 0;

/** @param {(path: string, body: any) => [number, any]} server */
function network(server) {
  globalThis.fetch = async (path, { method, body }) => {
    asked.push([method, path]);
    if (path === "/api/me") return answer(200, { person: { id: "7" } });
    const [status, told] = server(path, JSON.parse(body));
    return answer(status, told);
  };
}
const answer = (status, told) => ({ ok: status < 300, status, redirected: false, json: async () => told });
const doors = { person: () => "7", onChange() {}, onStranger: () => (strangers += 1) };
const view = (id, said) => ({ object: "notice", id, area: "340882101201", state: "open", answer: said });
const kept = async () => (await all("answers")).map(({ body, problem }) => [body.answer, Boolean(problem)]);

beforeEach(async () => {
  await write({ answers: { remove: (await all("answers")).map(({ id }) => id) }, views: { remove: ["notice:n"] } });
  asked.length = 0;
  strangers = 0;
});

test("an answer leaves the phone with the bureau's receipt, oldest first, under its own id", async () => {
  const bodies = [];
  network((path, body) => (bodies.push(body), [200, view("n", body.answer)]));
  await keepAnswer({ notice: "n", by: "7", answer: "received" }, 1);
  await keepAnswer({ notice: "n", by: "7", answer: "moved", persons: 12 }, 2);
  const ids = (await all("answers")).sort((a, b) => a.order - b.order).map(({ id }) => id);
  await sendAnswers(doors);
  assert.deepEqual(bodies.map(({ id, answer: said, persons }) => [id, said, persons]), [[ids[0], "received", null], [ids[1], "moved", 12]]);
  assert.deepEqual(await kept(), []);
  assert.equal((await all("views")).find(({ key }) => key === "notice:n").answer, "moved");
});

for (const [name, server] of [
  ["no network", () => { throw new TypeError("gone"); }],
  ["the server is busy", () => [503, { number: "503.1", message: "x" }]],
  ["a captive portal", () => [200, { welcome: true }]],
]) {
  test(`${name}: it stays, under the same id`, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    network(server);
    await keepAnswer({ notice: "n", by: "7", answer: "help", words: "船" });
    const [{ id }] = await all("answers");
    await sendAnswers(doors);
    assert.deepEqual((await all("answers")).map((row) => [row.id, row.problem]), [[id, undefined]]);
  });
}

test("signed out: it stays and the page is told", async () => {
  network(() => [401, { number: "401.1", message: "x" }]);
  await keepAnswer({ notice: "n", by: "7", answer: "received" });
  await sendAnswers(doors);
  assert.deepEqual([await kept(), strangers], [[["received", false]], 1]);
});

test("what is refused for good stays with its reason until it is said anew, and holds up nothing", async () => {
  network((path, body) => (body.answer === "moved" ? [400, { number: "400.2", message: "x", errors: { persons: "y" } }] : [200, view("n", body.answer)]));
  await keepAnswer({ notice: "n", by: "7", answer: "moved", persons: 9 }, 1);
  await keepAnswer({ notice: "n", by: "7", answer: "received" }, 2);
  await sendAnswers(doors);
  assert.deepEqual(await kept(), [["moved", true]]);
  await keepAnswer({ notice: "n", by: "7", answer: "help", words: "船" }, 3);
  assert.deepEqual(await kept(), [["help", false]]);
});

test("another person's answers are not sent in this one's name", async () => {
  network(() => assert.fail("nothing is to be sent"));
  await keepAnswer({ notice: "n", by: "8", answer: "received" });
  await sendAnswers(doors);
  assert.deepEqual([await kept(), asked], [[["received", false]], []]);
});
