import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as module from "../../main/resources/presence/client/presence-client.js";

const { CLOSE_CODES, afterClose, backoffMs, challengeText, endpoints, isSilent, packFrames, reconnectDelayMs } = module;

test("the close codes that reconnect are those of the protocol", () => {
  const codes = (next) =>
    Object.keys(CLOSE_CODES)
      .filter((code) => CLOSE_CODES[code].next === next)
      .map(Number);
  assert.deepEqual(codes("retry"), [1001, 1006, 1012, 4300, 4401, 4408]);
  assert.deepEqual(codes("token"), [4402]);
  assert.deepEqual(codes("stop"), [1000, 1009, 4400, 4403, 4409, 4410, 4411]);
});

test("unknown codes of the network reconnect, unknown codes of the application do not", () => {
  assert.equal(afterClose(1005).next, "retry");
  assert.equal(afterClose(1011).next, "retry");
  assert.equal(afterClose(4999).next, "stop");
  assert.match(afterClose(4999).words, /4999/);
});

test("back-off is full jitter under a bound that doubles up to its maximum", () => {
  const bound = (attempt) => backoffMs(attempt, { random: () => 0.999999 });
  assert.deepEqual([0, 1, 2, 3].map(bound), [499, 999, 1999, 3999]);
  assert.equal(bound(30), 29_999);
  assert.equal(backoffMs(5, { random: () => 0 }), 0);
});

test("what the server asks for goes before chance", () => {
  const backoff = { random: () => 0.5 };
  const closing = { at: 1_000, reconnectAfterMs: 4_000 };
  assert.equal(reconnectDelayMs({ attempt: 0, now: 2_000, closing, backoff }), 3_000);
  assert.equal(reconnectDelayMs({ attempt: 0, now: 9_000, closing, backoff }), 0);
  assert.equal(reconnectDelayMs({ attempt: 0, now: 0, retryAfterMs: 700, backoff }), 700);
  assert.equal(reconnectDelayMs({ attempt: 2, now: 0, backoff }), 1_000);
});

test("silence is two ping periods after the last word of either side, or after an open question", () => {
  const pingMs = 10;
  assert.equal(isSilent({ now: 100, heardAt: 79, spokeAt: 70, pingMs }), true);
  assert.equal(isSilent({ now: 100, heardAt: 81, spokeAt: 70, pingMs }), false);
  assert.equal(isSilent({ now: 100, heardAt: 70, spokeAt: 90, pingMs }), false);
  assert.equal(isSilent({ now: 100, heardAt: 70, spokeAt: 90, askedAt: 75, pingMs }), true);
});

test("frames keep the order, hold one message bare and several as an array, and stay within the limit", () => {
  assert.deepEqual(packFrames([]), []);
  assert.deepEqual(packFrames(['{"a":1}']), ['{"a":1}']);
  assert.deepEqual(packFrames(["1", "2", "3"]), ["[1,2,3]"]);
  const texts = Array.from({ length: 200 }, (_, i) => JSON.stringify({ i, text: "é".repeat(300) }));
  const frames = packFrames(texts, 4_096);
  for (const frame of frames) assert.ok(Buffer.byteLength(frame) <= 4_096);
  assert.deepEqual(
    frames.flatMap((frame) => JSON.parse(frame)).map(({ i }) => i),
    texts.map((_, i) => i),
  );
  assert.ok(frames.length < 40);
});

test("a server is named by its base or by its socket", () => {
  const expected = { socket: "wss://x.test/p/ws", leave: "https://x.test/p/v1/leave" };
  for (const url of ["https://x.test/p", "https://x.test/p/", "wss://x.test/p/ws", "wss://x.test/p/ws/"])
    assert.deepEqual(endpoints(url), expected);
  assert.equal(endpoints("http://localhost:8889").socket, "ws://localhost:8889/ws");
});

test("a key signs the protocol, itself in lowercase and the nonce", () => {
  assert.equal(challengeText("ABcd", "n0nce"), "presence.v1\nhello\nabcd\nn0nce");
});

test("the type declarations name what the module exports", () => {
  const types = readFileSync(
    new URL("../../main/resources/presence/client/presence-client.d.ts", import.meta.url),
    "utf8",
  );
  const declared = [...types.matchAll(/^export (?:declare )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), Object.keys(module).sort());
  const methods = (text, start) => {
    const body = text.slice(text.indexOf(start));
    return new Set(
      [...body.slice(0, body.indexOf("\n}\n")).matchAll(/^ {2}(?:async |get |readonly )?([a-z]\w*)[(<:]/gm)].map(
        ([, name]) => name,
      ),
    );
  };
  const source = readFileSync(
    new URL("../../main/resources/presence/client/presence-client.js", import.meta.url),
    "utf8",
  );
  const written = methods(source, "export class PresenceClient");
  assert.ok(written.size > 15);
  assert.deepEqual([...methods(types, "export class PresenceClient")].sort(), [...written].sort());
});
