/** The socket that stays, against a socket and a clock under the test's hand. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { openSocket } from "../../static/shared/socket.js";

const listeners = new Map();
const hearer = {
  addEventListener: (name, work) => listeners.set(name, work),
  removeEventListener: (name) => listeners.delete(name),
};
Object.assign(globalThis, hearer, { document: { ...hearer, visibilityState: "visible" } });

class Wire {
  static all = [];
  sent = [];
  constructor(url) {
    this.url = url;
    Wire.all.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

let line;
let states;
let heard;
const last = () => Wire.all.at(-1);
/** Second by second: in one long tick, every callback would see the clock of its end. */
const pass = (ms) => {
  for (let gone = 0; gone < ms; gone += 1000) mock.timers.tick(1000);
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  mock.method(Math, "random", () => 1);
  [Wire.all, states, heard] = [[], [], []];
  line = openSocket({ url: "ws://x/ws/", Socket: Wire, onMessage: (message) => heard.push(message.type), onState: (state, code) => states.push([state, code]) });
});
afterEach(() => {
  line.close();
  mock.timers.reset();
  mock.restoreAll();
});

test("open means that the server has spoken", () => {
  assert.equal(line.state(), "connecting");
  assert.equal(line.send({ type: "ping" }), false);
  last().say({ type: "welcome" });
  assert.equal(line.state(), "open");
  assert.equal(line.send({ type: "ping" }), true);
  assert.deepEqual(last().sent, [{ type: "ping" }]);
  assert.deepEqual(heard, ["welcome"]);
});

test("it comes back by itself, with longer and longer pauses", () => {
  for (const pause of [500, 1000, 2000]) {
    const before = Wire.all.length;
    last().onclose({ code: 1006 });
    mock.timers.tick(pause - 1);
    assert.equal(Wire.all.length, before);
    mock.timers.tick(1);
    assert.equal(Wire.all.length, before + 1);
  }
  last().say({ type: "welcome" });
  last().onclose({ code: 1012 });
  mock.timers.tick(500);
  assert.equal(line.state(), "connecting");
});

test("a blocked handshake is given up", () => {
  mock.timers.tick(10_000);
  assert.deepEqual(states.at(-1), ["down", 1006]);
  assert.equal(Wire.all[0].closed, true);
});

test("a silent line is asked, then given up; a pong keeps it", () => {
  last().say({ type: "welcome" });
  pass(20_000);
  assert.deepEqual(last().sent, [{ type: "ping" }]);
  last().say({ type: "pong" });
  pass(30_000);
  assert.equal(line.state(), "open");
  pass(10_000);
  assert.equal(line.state(), "down");
});

test("a sign of the network tries at once", () => {
  last().say({ type: "welcome" });
  listeners.get("offline")();
  assert.equal(line.state(), "down");
  listeners.get("online")();
  assert.equal(line.state(), "connecting");
  assert.equal(Wire.all.length, 2);
});

test("who has to sign in again is not asked again by itself", () => {
  last().onclose({ code: 4401 });
  assert.deepEqual(states.at(-1), ["down", 4401]);
  mock.timers.tick(120_000);
  assert.equal(Wire.all.length, 1);
});

test("what an old socket still says is not heard", () => {
  const old = last();
  old.onclose({ code: 1006 });
  mock.timers.tick(500);
  old.say({ type: "welcome" });
  assert.equal(line.state(), "connecting");
  assert.deepEqual(heard, []);
});
