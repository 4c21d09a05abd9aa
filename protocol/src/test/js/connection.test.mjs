import assert from "node:assert/strict";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, test } from "node:test";
import { PresenceClient, PresenceError, challengeText } from "../../main/resources/presence/client/presence-client.js";
import { EPOCH, rig, settled, welcome } from "./fakes.mjs";

describe("the first connection", () => {
  test("offers the subprotocol and says hello before anything else", async () => {
    const { client, opened, sockets } = rig({ location: "lobby", visible: true, device: "web", displayName: "Ann" });
    client.join("room");
    client.connect();
    const socket = await opened();
    assert.equal(sockets[0].url, "ws://node.test/ws");
    assert.deepEqual(socket.protocols, ["presence.v1"]);
    assert.deepEqual(socket.received, [
      { type: "hello", protocol: 1, location: "lobby", visible: true, device: "web", displayName: "Ann" },
    ]);
  });

  test("resolves with the welcome and is online", async () => {
    const { client, connected, states } = rig();
    const arrival = client.connect();
    await connected({ user: { id: "@ann", handle: "@ann" } });
    assert.equal((await arrival).session, "s1");
    assert.equal(client.welcome.user.handle, "@ann");
    assert.deepEqual(states, ["connecting", "online"]);
  });

  test("needs a url and a WebSocket class, and says so", () => {
    assert.throws(() => new PresenceClient({ url: "http://x", webSocket: null }), /pass \{ webSocket \}/);
    assert.throws(() => new PresenceClient({ webSocket: class {} }), /url/);
  });

  test("an address that no attempt will make right stops with its words", async () => {
    const Broken = class {
      constructor() {
        throw new SyntaxError("bad address");
      }
    };
    const { client } = rig({ webSocket: Broken });
    await assert.rejects(client.connect(), /bad address/);
    assert.equal(client.state.state, "stopped");
  });

  test("a welcome that does not come in time is a lost connection", async () => {
    const { client, clock, opened, socket } = rig();
    client.connect();
    await opened();
    await clock.advance(15_000);
    assert.equal(client.state.state, "waiting");
    assert.ok(socket().closedByClient);
  });
});

describe("proof of identity", () => {
  test("another token is fetched before the first one ends, and later connections use that", async () => {
    let fetched = 0;
    const { client, connected, socket } = rig({ auth: { token: async () => `t${++fetched}` } });
    const told = [];
    client.on("expiring", (message) => told.push(message.inMs));
    await connected();
    await socket().reply({ type: "expiring", at: 60_000, inMs: 30_000 });
    await settled();
    assert.deepEqual(told, [30_000]);
    assert.equal(socket().last("authenticate").token, "t2");
  });

  test("a token that cannot be fetched just now, or is refused for now, is tried again", async () => {
    let fetched = 0;
    const token = async () => {
      fetched += 1;
      if (fetched === 2) throw new Error("no network");
      return `t${fetched}`;
    };
    const { clock, connected, events, socket } = rig({ auth: { token } });
    const errors = events("error");
    await connected();
    await socket().reply({ type: "expiring", at: 60_000, inMs: 30_000 });
    assert.equal(errors.length, 1);
    await clock.advance(500);
    const { ref, token: second } = socket().last("authenticate");
    assert.equal(second, "t3");
    await socket().reply({ type: "error", code: "unavailable", message: "Later.", ref, retryable: true });
    await clock.advance(1_000);
    assert.equal(socket().last("authenticate").token, "t4");
    await socket().reply({
      type: "error",
      code: "forbidden",
      message: "No.",
      ref: socket().last("authenticate").ref,
      retryable: false,
    });
    await clock.advance(60_000);
    assert.equal(socket().all("authenticate").length, 2);
  });

  test("a token that cannot be fetched anew is not sent again when it ends", async () => {
    const { connected, socket } = rig({ auth: { token: "t1" } });
    await connected();
    await socket().reply({ type: "expiring", at: 60_000, inMs: 30_000 });
    await settled();
    assert.ok(!socket().received.some((message) => message.type === "authenticate"));
  });

  test("a token is fetched once and fetched anew after 4402", async () => {
    let fetched = 0;
    const { client, clock, connected, online, opened, socket } = rig({ auth: { token: async () => `t${++fetched}` } });
    await connected();
    assert.equal(socket().last("hello").token, "t1");
    await socket().fail(1006);
    await clock.advance(1_000);
    await opened();
    assert.equal(socket().last("hello").token, "t1");
    await socket().reply({ type: "error", code: "expired_token", message: "expired", retryable: false });
    await socket().fail(4402);
    await clock.advance(1_000);
    await online();
    assert.equal(socket().last("hello").token, "t2");
    assert.equal(client.state.state, "online");
  });

  test("a fixed token that has expired cannot be renewed: the client stops", async () => {
    const { client, opened, socket } = rig({ auth: { token: "t" } });
    const arrival = client.connect();
    await opened();
    await socket().reply({ type: "error", code: "expired_token", message: "The token has expired.", retryable: false });
    await socket().fail(4402);
    await assert.rejects(
      arrival,
      (error) => error instanceof PresenceError && error.code === "expired_token" && error.closeCode === 4402,
    );
    assert.equal(client.state.words, "The token has expired.");
  });

  test("a token that cannot be fetched is tried again, unless it is refused for good", async () => {
    let answer = () => Promise.reject(new Error("offline"));
    const { client, clock, sockets } = rig({ auth: { token: () => answer() } });
    client.connect();
    await settled();
    assert.equal(client.state.state, "waiting");
    answer = () => Promise.reject(new PresenceError({ code: "forbidden", message: "No.", retryable: false }));
    await clock.advance(1_000);
    assert.equal(client.state.state, "stopped");
    assert.equal(client.state.words, "No.");
    assert.equal(sockets.length, 0);
  });

  test("a key answers the challenge with a signature and the same wishes", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const hex = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
    const key = { publicKey: hex, sign: async (text) => new Uint8Array(sign(null, Buffer.from(text), privateKey)) };
    const { client, opened, socket } = rig({ auth: { key }, location: "lobby" });
    client.connect();
    await opened();
    assert.deepEqual(socket().last("hello").key, { publicKey: hex });
    await socket().reply({ type: "challenge", nonce: "abc" });
    const { key: proof, location } = socket().last("hello");
    assert.equal(location, "lobby");
    const signature = Buffer.from(proof.signature, "hex");
    assert.ok(verify(null, Buffer.from(challengeText(hex, "abc")), publicKey, signature));
    await socket().reply(welcome());
    assert.equal(client.state.state, "online");
  });

  test("a key that will not sign stops the client with the reason", async () => {
    const { client, opened, socket } = rig({
      auth: {
        key: {
          publicKey: "aa",
          sign: () => {
            throw new Error("locked");
          },
        },
      },
    });
    client.connect();
    await opened();
    await socket().reply({ type: "challenge", nonce: "abc" });
    assert.deepEqual([client.state.state, client.state.words], ["stopped", "locked"]);
  });

  test("an anonymous session becomes a person's and proves itself as such from then on", async () => {
    const { client, connected, opened, socket } = rig();
    await connected();
    const answer = client.authenticate("t");
    await settled();
    const { ref, token } = socket().last("authenticate");
    assert.equal(token, "t");
    await socket().reply({ type: "authenticated", user: { id: "@ann", handle: "@ann" }, ref });
    await answer;
    assert.deepEqual(
      [client.welcome.user.handle, client.welcome.anonymous, client.welcome.session],
      ["@ann", false, "s1"],
    );
    client.drop();
    await settled();
    client.reconnectNow();
    await opened();
    assert.equal(socket().last("hello").token, "t");
  });
});

describe("coming back", () => {
  test("a lost socket resumes with the newest token and the position of what was joined", async () => {
    const { client, clock, joined, opened, socket, events } = rig();
    const waits = events("state");
    await joined({ resume: "s1.two" });
    await socket().fail(1006);
    assert.equal(waits.at(-1).state, "waiting");
    assert.equal(waits.at(-1).retryAt - clock.now(), 250);
    await clock.advance(250);
    await opened();
    assert.deepEqual(socket().last("hello").resume, {
      token: "s1.two",
      instances: [{ instance: "room", epoch: EPOCH, seq: 10, roster: "full" }],
    });
    await socket().reply(welcome({ resumed: true, resume: "s1.three", instances: ["room"] }));
    assert.deepEqual(socket().all("chat:join"), []);
    assert.equal(client.welcome.resumed, true);
  });

  test("attempts that fail wait longer and longer, and a connection that lasts starts anew", async () => {
    const { client, clock, connected, online, opened, socket } = rig({ chance: 1 });
    await connected();
    const waited = [];
    for (let i = 0; i < 4; i++) {
      await socket().fail(1006);
      waited.push(client.state.retryAt - clock.now());
      await clock.advance(waited.at(-1));
      await opened();
    }
    assert.deepEqual(waited, [500, 1_000, 2_000, 4_000]);
    await socket().reply(welcome());
    await clock.advance(5_000);
    await socket().fail(1001);
    assert.equal(client.state.retryAt - clock.now(), 500);
    await clock.advance(500);
    await online();
    await socket().fail(1001);
    assert.equal(
      client.state.retryAt - clock.now(),
      1_000,
      "a connection that falls at once does not start the back-off anew",
    );
  });

  test("a draining node says when to come back", async () => {
    const { client, clock, connected, socket, sockets } = rig();
    await connected();
    await socket().reply({ type: "closing", code: 1012, reason: "deploy", reconnectAfterMs: 3_000 });
    await clock.advance(1_000);
    await socket().fail(1012);
    assert.equal(client.state.retryAt - clock.now(), 2_000);
    await clock.advance(1_999);
    assert.equal(sockets.length, 1);
    await clock.advance(1);
    assert.equal(sockets.length, 2);
  });

  for (const code of [1009, 4400, 4403, 4409, 4410, 4411]) {
    test(`close ${code} is not fought`, async () => {
      const { client, clock, connected, socket, sockets } = rig();
      await connected();
      await socket().fail(code);
      await clock.advance(600_000);
      assert.equal(client.state.state, "stopped");
      assert.equal(client.state.code, code);
      assert.equal(sockets.length, 1);
    });
  }

  test("a replaced tab forgets the token, and gets a session of its own when it is asked to come back", async () => {
    const { client, connected, opened, socket, store } = rig();
    await connected();
    await socket().fail(4409);
    assert.equal(store.load(), null);
    client.connect();
    await opened();
    assert.equal(socket().last("hello").resume, undefined);
  });

  test("the new token is kept before the first frame lets its predecessor die", async () => {
    let saved;
    const store = { load: () => "s1.one", save: () => new Promise((done) => (saved = done)), clear: () => {} };
    const { client, opened, socket } = rig({ store });
    client.connect();
    await opened();
    await socket().reply(welcome({ resume: "s1.two" }), { type: "ping" });
    assert.deepEqual(
      socket().received.map(({ type }) => type),
      ["hello"],
    );
    saved();
    await settled();
    assert.deepEqual(
      socket().received.map(({ type }) => type),
      ["hello", "pong"],
    );
  });

  test("a store that fails costs the reload, not the session", async () => {
    const store = {
      load: () => null,
      save: () => {
        throw new Error("quota");
      },
      clear: () => {},
    };
    const { client, connected, events, socket } = rig({ store });
    const errors = events("error");
    await connected();
    await socket().reply({ type: "ping" });
    assert.equal(client.state.state, "online");
    assert.equal(errors[0].code, "not_stored");
    assert.equal(socket().all("pong").length, 1);
  });

  test("frames and closes of a socket that was given up change nothing", async () => {
    const { client, connected, online, socket, sockets } = rig();
    await connected();
    const old = sockets[0];
    const { onmessage, onclose } = old;
    client.drop();
    client.reconnectNow();
    await online({ session: "s1", resumed: true });
    onmessage?.({ data: JSON.stringify(welcome({ session: "stale" })) });
    onclose?.({ code: 4409 });
    await settled();
    assert.equal(client.welcome.session, "s1");
    assert.equal(client.state.state, "online");
    assert.equal(socket(), sockets[1]);
  });

  test("a dropped socket comes back after the time asked for, or at once on demand", async () => {
    const { client, clock, connected, sockets } = rig();
    await connected();
    client.drop(30_000);
    assert.ok(sockets[0].closedByClient);
    await clock.advance(29_999);
    assert.equal(sockets.length, 1);
    client.reconnectNow();
    await settled();
    assert.equal(sockets.length, 2);
    await clock.advance(1);
    assert.equal(sockets.length, 2, "the wait is over, not doubled");
  });
});

describe("liveness", () => {
  test("a ping is answered", async () => {
    const { connected, socket } = rig();
    await connected();
    await socket().reply({ type: "ping" });
    assert.deepEqual(socket().received.at(-1), { type: "pong" });
  });

  test("a server that is silent for two ping periods is gone", async () => {
    const { client, clock, connected, socket } = rig();
    await connected({ pingMs: 10_000 });
    await clock.advance(20_000);
    assert.equal(client.state.state, "online");
    await clock.advance(10_000);
    assert.equal(client.state.state, "waiting");
    assert.ok(socket().closedByClient);
  });

  test("a server that pings is alive", async () => {
    const { client, clock, connected, socket } = rig();
    await connected({ pingMs: 10_000 });
    for (let i = 0; i < 12; i++) {
      await clock.advance(5_000);
      if (i % 2 === 0) await socket().reply({ type: "ping" });
    }
    assert.equal(client.state.state, "online");
  });
});

describe("leaving", () => {
  test("bye ends the session and is not fought", async () => {
    const { client, connected, socket, store } = rig();
    await connected();
    const gone = client.bye();
    await settled();
    assert.deepEqual(socket().received.at(-1), { type: "bye" });
    await socket().fail(1000);
    await gone;
    assert.deepEqual([client.state.state, client.state.code], ["stopped", 1000]);
    assert.equal(store.load(), null);
  });

  test("a bye that is not answered, or loses its socket, leaves by request", async () => {
    for (const unanswered of [({ clock }) => clock.advance(2_000), ({ socket }) => socket().fail(1006)]) {
      const it = rig();
      const posts = stubFetch();
      await it.connected();
      const gone = it.client.bye();
      await settled();
      await unanswered(it);
      await gone;
      assert.deepEqual(posts.done(), [["http://node.test/v1/leave", "s1.secret1"]]);
      assert.equal(it.client.state.state, "stopped");
    }
  });

  test("without a connection the leave goes by request", async () => {
    const { client, connected, socket } = rig();
    await connected();
    await socket().fail(1006);
    const posts = stubFetch();
    await client.bye();
    assert.deepEqual(posts.done(), [["http://node.test/v1/leave", "s1.secret1"]]);
    assert.equal(client.state.code, 1000);
  });

  test("disconnect keeps the session for later", async () => {
    const { client, clock, connected, opened, socket, sockets } = rig();
    await connected();
    client.disconnect();
    await clock.advance(60_000);
    assert.equal(sockets.length, 1);
    client.connect();
    await opened();
    assert.equal(socket().last("hello").resume.token, "s1.secret1");
  });
});

describe("the page around it", () => {
  /** Gives this process, for one test, what a page has: events of the window and a beacon. */
  function page(t) {
    const target = new EventTarget();
    const beacons = [];
    const sendBeacon = (url, body) => beacons.push([url, body]) > 0;
    const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
    globalThis.addEventListener = target.addEventListener.bind(target);
    Object.defineProperty(globalThis, "navigator", { value: { sendBeacon }, configurable: true });
    t.after(() => {
      delete globalThis.addEventListener;
      if (before) Object.defineProperty(globalThis, "navigator", before);
      else delete globalThis.navigator;
    });
    return { fire: (name) => target.dispatchEvent(new Event(name)), beacons };
  }

  test("the network coming back ends the wait", async (t) => {
    const { fire } = page(t);
    const { client, connected, socket, sockets } = rig();
    await connected();
    await socket().fail(1006);
    fire("online");
    await settled();
    assert.equal(sockets.length, 2);
    client.disconnect();
    fire("online");
    assert.equal(client.state.state, "stopped", "a client that stopped does not listen any more");
  });

  test("a page that goes keeps its session, unless it is told to leave; shown again it comes back", async (t) => {
    const { fire, beacons } = page(t);
    const kept = rig();
    await kept.connected();
    fire("pagehide");
    assert.equal(kept.client.state.state, "online");
    const left = rig({ leaveOnPageHide: true });
    await left.connected({ session: "s9" });
    fire("pagehide");
    assert.deepEqual(beacons, [["http://node.test/v1/leave", "s9.secret1"]]);
    assert.equal(left.client.state.code, 1000);
    fire("pageshow");
    await left.opened();
    assert.equal(left.socket().last("hello").resume, undefined);
  });
});

/** Catches what would go out by `fetch`; `done()` restores it and tells what went. */
function stubFetch() {
  const original = globalThis.fetch;
  const posts = [];
  globalThis.fetch = async (url, { body }) => void posts.push([url, body]);
  return {
    done() {
      globalThis.fetch = original;
      return posts;
    },
  };
}
