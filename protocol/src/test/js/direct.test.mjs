import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { member, rig, said, settled } from "./fakes.mjs";

const ann = { anonymous: false, user: member("@ann") };
const direct = (id, more = {}) => ({
  type: "dm:message",
  id,
  from: member("@bob"),
  text: "psst",
  at: 1,
  redelivered: false,
  ...more,
});
const outcome = (id) => ({ type: "dm:outcome", id, outcome: "delivered" });
const acknowledged = (socket) => socket.all("dm:ack").map(({ ids }) => ids);

describe("writing to somebody", () => {
  test("resolves once it is durable", async () => {
    const { client, connected, socket } = rig();
    await connected(ann);
    const sending = client.sendTo("@bob", "psst");
    await settled();
    const { ref, clientMessageId, ...message } = socket().last("dm:send");
    assert.deepEqual(message, { type: "dm:send", to: "@bob", text: "psst" });
    await socket().reply({ type: "dm:accepted", clientMessageId, id: "d1", ref });
    assert.equal((await sending).id, "d1");
  });

  test("an acceptance is known by the message's own id too, and no chat message is taken for it", async () => {
    const { client, joined, socket } = rig();
    await joined(ann);
    const saying = client.send("room", "one", { clientMessageId: "same" });
    const sending = client.sendTo("@bob", "one", { clientMessageId: "same" });
    await settled();
    await socket().reply({ type: "dm:accepted", clientMessageId: "same", id: "d1" });
    assert.equal((await sending).id, "d1");
    await socket().reply(said(11, "m1", { clientMessageId: "same" }));
    assert.equal((await saying).id, "m1");
  });

  test("is refused by a code", async () => {
    const { client, connected, socket } = rig();
    await connected(ann);
    const refused = assert.rejects(client.sendTo("@nobody", "psst"), { code: "unknown_recipient" });
    await settled();
    const { ref, clientMessageId } = socket().last("dm:send");
    await socket().reply({ type: "error", code: "unknown_recipient", message: "Who?", ref, clientMessageId });
    await refused;
  });

  test("what was not answered is sent again after a resume, in order and with the same id", async () => {
    const { client, connected, online, socket, sockets } = rig();
    await connected(ann);
    client.sendTo("@bob", "one");
    client.sendTo("@bob", "two");
    await settled();
    await socket().fail(1006);
    client.reconnectNow();
    await online({ ...ann, resumed: true });
    assert.deepEqual(socket().all("dm:send"), sockets[0].all("dm:send"));
  });

  test("a fresh session of the same person sends again, one of nobody does not: it might send twice", async () => {
    for (const [who, again] of [
      [ann, 1],
      [{}, 0],
    ]) {
      const { client, connected, online, socket } = rig();
      await connected(who);
      const sending = client.sendTo("@bob", "one");
      const unknown = again ? null : assert.rejects(sending, { code: "outcome_unknown" });
      await settled();
      await socket().fail(1006);
      client.reconnectNow();
      await online({ ...who, session: "s2", resumed: false });
      assert.equal(socket().all("dm:send").length, again);
      await unknown;
    }
  });
});

describe("what arrives", () => {
  test("is handed over and acknowledged, together what came together", async () => {
    const { connected, events, socket } = rig();
    const [messages, outcomes] = [events("direct"), events("outcome")];
    await connected();
    await socket().reply(direct("a"), direct("b"), outcome("c"));
    assert.deepEqual(
      messages.map(({ id, from, text }) => [id, from.id, text]),
      [
        ["a", "@bob", "psst"],
        ["b", "@bob", "psst"],
      ],
    );
    assert.deepEqual(
      outcomes.map(({ id, outcome }) => [id, outcome]),
      [["c", "delivered"]],
    );
    assert.deepEqual(acknowledged(socket()), [["a", "b", "c"]]);
  });

  test("is handed over once however often it is pushed, and acknowledged each time", async () => {
    const { client, connected, events, online, socket } = rig();
    const messages = events("direct");
    await connected();
    await socket().reply(direct("a"));
    await socket().fail(1006);
    client.reconnectNow();
    await online({ resumed: true });
    await socket().reply(direct("a", { redelivered: true }), direct("b"));
    assert.deepEqual(
      messages.map(({ id }) => id),
      ["a", "b"],
    );
    assert.deepEqual(acknowledged(socket()), [["a", "b"]]);
  });

  test("a message to oneself and its outcome have one id and are two things", async () => {
    const { connected, events, socket } = rig();
    const [messages, outcomes] = [events("direct"), events("outcome")];
    await connected();
    await socket().reply(direct("a"), outcome("a"));
    assert.deepEqual([messages.length, outcomes.length], [1, 1]);
  });

  test("is not taken while nobody listens for it", async () => {
    const { connected, events, socket } = rig();
    await connected();
    await socket().reply(direct("a"));
    assert.deepEqual(acknowledged(socket()), []);
    const messages = events("direct");
    await socket().reply(direct("a", { redelivered: true }));
    assert.equal(messages.length, 1);
    assert.deepEqual(acknowledged(socket()), [["a"]]);
  });

  test("no acknowledgement names more than the server takes", async () => {
    const { connected, events, socket } = rig();
    events("direct");
    await connected();
    await socket().reply(...Array.from({ length: 1_001 }, (_, i) => direct(`m${i}`)));
    assert.deepEqual(
      acknowledged(socket()).map((ids) => ids.length),
      [1_000, 1],
    );
  });

  test("a listener that fails has heard it all the same", async (t) => {
    t.mock.method(console, "error", () => {});
    const { client, connected, socket } = rig();
    client.on("direct", () => {
      throw new Error("listener");
    });
    await connected();
    await socket().reply(direct("a"));
    assert.deepEqual(acknowledged(socket()), [["a"]]);
  });
});
