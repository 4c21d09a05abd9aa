import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FRAME_BYTES_MAX, PresenceError } from "../../main/resources/presence/client/presence-client.js";
import { presence, rig, said, settled, welcome } from "./fakes.mjs";

describe("frames", () => {
  test("the messages of one tick are one array frame, a lone one is bare", async () => {
    const { client, connected, socket } = rig();
    await connected();
    const before = socket().frames.length;
    client.join("room");
    client.setLocation("garden");
    client.watch(["@bob"]);
    await settled();
    client.unwatch(["@bob"]);
    await settled();
    const frames = socket()
      .frames.slice(before)
      .map((frame) => JSON.parse(frame));
    assert.equal(frames.length, 2);
    assert.deepEqual(
      frames[0].map(({ type }) => type),
      ["chat:join", "location", "watch"],
    );
    assert.equal(frames[1].type, "unwatch");
  });

  test("no frame is over the limit, and what can never fit is refused here", async () => {
    const { client, joined, socket } = rig();
    await joined();
    for (let i = 0; i < 50; i++) client.send("room", "x".repeat(2_000));
    await settled();
    for (const frame of socket().frames) assert.ok(Buffer.byteLength(frame) <= FRAME_BYTES_MAX);
    assert.equal(socket().all("chat:message").length, 50);
    await assert.rejects(client.send("room", "x".repeat(FRAME_BYTES_MAX)), { code: "too_long" });
  });

  test("an array from the server is taken in order", async () => {
    const { client, connected, socket } = rig();
    await connected();
    client.join("room");
    await settled();
    await socket().reply({ ...presence(10), ref: socket().last("chat:join").ref }, said(11, "m1"), said(12, "m2"), {
      type: "ping",
    });
    assert.equal(client.view("room").seq, 12);
    assert.equal(socket().all("pong").length, 1);
  });

  test("what is not JSON, or not a message, hurts nobody", async () => {
    const { client, connected, events, socket } = rig();
    const errors = events("error");
    await connected();
    socket().onmessage({ data: "{" });
    await socket().reply(null, 7, "x", [], { kind: "?" });
    assert.equal(client.state.state, "online");
    assert.deepEqual(
      errors.map(({ code }) => code),
      ["bad_json"],
    );
  });

  test("messages of types this client does not know are passed on", async () => {
    const { connected, events, socket } = rig();
    const messages = events("message");
    const users = events("user");
    await connected();
    await socket().reply(
      { type: "later:thing", id: "1" },
      { type: "later:other", piece: "garden", moves: [] },
      { type: "user", user: "@bob", online: true },
    );
    assert.deepEqual(
      messages.map(({ type }) => type),
      ["later:thing", "later:other"],
    );
    assert.equal(users[0].user, "@bob");
  });

  test("a listener that fails does not stop the stream", async (t) => {
    t.mock.method(console, "error", () => {});
    const { client, joined, socket } = rig();
    client.on("change", () => {
      throw new Error("listener");
    });
    await joined();
    await socket().reply(said(11, "m1"));
    assert.equal(client.view("room").seq, 11);
  });
});

describe("saying something", () => {
  test("resolves with the message as the stream has it", async () => {
    const { client, joined, socket } = rig();
    await joined();
    const saying = client.send("room", "hello");
    await settled();
    const { ref, clientMessageId, ...message } = socket().last("chat:message");
    assert.deepEqual(message, { type: "chat:message", instance: "room", text: "hello" });
    await socket().reply(said(11, "m1", { ref, clientMessageId }));
    assert.equal((await saying).id, "m1");
  });

  test("an error settles the promise it refers to and no other", async () => {
    const { client, events, joined, socket } = rig();
    const errors = events("error");
    await joined();
    const first = client.send("room", "one");
    const second = client.send("room", "two");
    await settled();
    const [one, two] = socket().all("chat:message");
    const refused = assert.rejects(first, (error) => {
      assert.ok(error instanceof PresenceError);
      assert.deepEqual(
        [error.code, error.message, error.ref, error.retryable, error.retryAfterMs],
        ["rate_limited", "Slow down.", one.ref, true, 900],
      );
      return true;
    });
    const { ref, clientMessageId } = one;
    await socket().reply({
      type: "error",
      code: "rate_limited",
      message: "Slow down.",
      ref,
      retryable: true,
      retryAfterMs: 900,
      clientMessageId,
    });
    await refused;
    await socket().reply(said(11, "m2", { ref: two.ref }));
    assert.equal((await second).id, "m2");
    assert.deepEqual(errors, []);
  });

  test("an error nobody waits for is an event", async () => {
    const { connected, events, socket } = rig();
    const errors = events("error");
    await connected();
    await socket().reply({ type: "error", code: "bad_message", message: "What?", retryable: false });
    assert.equal(errors[0].code, "bad_message");
  });

  test("what was not answered is said again after a resume, in order and with the same id", async () => {
    const { client, joined, online, socket, sockets } = rig();
    await joined();
    const saying = [client.send("room", "one"), client.send("room", "two")];
    await settled();
    await socket().fail(1006);
    saying.push(client.send("room", "three"));
    client.reconnectNow();
    await online({ resumed: true, instances: ["room"] });
    const again = socket().all("chat:message");
    assert.deepEqual(
      again.map(({ text }) => text),
      ["one", "two", "three"],
    );
    const keys = (list) => list.map(({ ref, clientMessageId }) => [ref, clientMessageId]);
    assert.deepEqual(keys(again).slice(0, 2), keys(sockets[0].all("chat:message")));
    await socket().reply(
      ...again.map(({ ref, clientMessageId }, i) => said(11 + i, `m${i}`, { ref, clientMessageId })),
    );
    assert.deepEqual(
      (await Promise.all(saying)).map(({ id }) => id),
      ["m0", "m1", "m2"],
    );
    assert.equal(client.view("room").messages.length, 3);
  });

  test("a message that the catch-up brings is answered by it; its late echo changes nothing", async () => {
    const { client, joined, opened, socket } = rig();
    await joined();
    const saying = client.send("room", "one");
    await settled();
    const { ref, clientMessageId } = socket().last("chat:message");
    await socket().fail(1006);
    client.reconnectNow();
    await opened();
    await socket().reply(welcome({ resumed: true, instances: ["room"] }), said(11, "m1", { clientMessageId }));
    assert.equal((await saying).id, "m1");
    await socket().reply(said(11, "m1", { clientMessageId, ref }));
    assert.equal(client.view("room").messages.length, 1);
    assert.equal(socket().all("chat:join").length, 0);
  });

  test("in a fresh session nothing is said twice: the unanswered is reported, the unsent is sent after the join", async () => {
    const { client, joined, online, socket } = rig();
    await joined();
    const sent = client.send("room", "sent");
    await settled();
    await socket().fail(1006);
    const unsent = client.send("room", "unsent");
    const reported = assert.rejects(sent, { code: "outcome_unknown" });
    client.reconnectNow();
    await online({ session: "s2", resumed: false });
    await reported;
    assert.deepEqual(
      socket()
        .received.slice(1)
        .map(({ type, text }) => text ?? type),
      ["chat:join", "unsent"],
    );
    await socket().reply(said(11, "m1", { ref: socket().last("chat:message").ref }));
    assert.equal((await unsent).id, "m1");
  });

  test("a stop settles everything that is open", async () => {
    const { client, joined, socket } = rig();
    await joined();
    const saying = client.send("room", "one");
    const joining = client.join("other");
    await settled();
    const both = [assert.rejects(saying, { closeCode: 4410 }), assert.rejects(joining, { closeCode: 4410 })];
    await socket().fail(4410);
    await Promise.all(both);
    await assert.rejects(client.send("room", "two"), { code: "closed" });
  });
});

describe("where the user is", () => {
  test("visibility alone leaves the location as it is", async () => {
    const { client, connected, socket } = rig();
    await connected();
    client.setVisible(false);
    await settled();
    assert.deepEqual(socket().last("location"), { type: "location", visible: false });
  });

  test("the last location of a tick counts, with the visibility", async () => {
    const { client, connected, socket } = rig({ location: "lobby" });
    await connected();
    client.setLocation("garden");
    client.setVisible(false);
    client.setLocation(null);
    await settled();
    assert.deepEqual(socket().all("location"), [{ type: "location", slug: null, visible: false }]);
  });

  test("a move between hello and welcome is not lost, and later hellos say where the user is", async () => {
    const { client, connected, opened, socket } = rig({ location: "lobby" });
    client.connect();
    await opened();
    client.setLocation("garden");
    await socket().reply(welcome());
    assert.equal(socket().last("location").slug, "garden");
    client.drop();
    client.reconnectNow();
    await opened();
    assert.equal(socket().last("hello").location, "garden");
  });

  test("followed visibility is the document's", async (t) => {
    const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    globalThis.document = document;
    t.after(() => delete globalThis.document);
    const { client, clock, connected, socket } = rig({ followVisibility: true, location: "lobby" });
    await connected();
    assert.equal(socket().last("hello").visible, true);
    const become = (visibilityState) => {
      document.visibilityState = visibilityState;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    become("hidden");
    await clock.advance(299);
    assert.deepEqual(socket().all("location"), [], "a page that is being left says nothing");
    await clock.advance(1);
    assert.equal(socket().last("location").visible, false);
    become("visible");
    await clock.advance(0);
    assert.equal(socket().last("location").visible, true);
    client.disconnect();
    become("hidden");
    await clock.advance(1_000);
    assert.equal(socket().all("location").length, 2);
  });

  test("another name reattaches, it does not leave", async () => {
    const { client, clock, joined, opened, socket } = rig({ displayName: "Ann" });
    await joined();
    client.rename("Ann B.");
    await clock.advance(0);
    await opened();
    const { displayName, resume } = socket().last("hello");
    assert.deepEqual([displayName, resume.token], ["Ann B.", "s1.secret1"]);
  });

  test("who is watched is watched again after a reconnect, who is not is dismissed", async () => {
    const { client, connected, online, socket } = rig();
    await connected();
    client.watch(["@bob", "@cy"]);
    await settled();
    await socket().fail(1006);
    client.unwatch(["@cy"]);
    client.reconnectNow();
    await online({ resumed: true });
    assert.deepEqual([socket().last("watch").users, socket().last("unwatch").users], [["@bob"], ["@cy"]]);
  });
});
