import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EPOCH, delta, member, presence, rig, said, settled, welcome } from "./fakes.mjs";

const ids = (view) => [...view.members.keys()];

describe("joining", () => {
  test("resolves with the view once it is a cut of the stream", async () => {
    const { client, connected, socket } = rig();
    await connected();
    const joining = client.join("room", { roster: "full" });
    await settled();
    const { ref, ...join } = socket().last("chat:join");
    assert.deepEqual(join, { type: "chat:join", instance: "room", roster: "full" });
    await socket().reply({ ...presence(4, ["@ann"]), ref });
    const view = await joining;
    assert.deepEqual([view.seq, ids(view)], [4, ["@ann"]]);
    assert.equal(client.view("room"), view);
  });

  test("a refusal settles the promise of the join, and the instance is not joined again", async () => {
    const { client, connected, online, socket } = rig();
    await connected();
    const joining = client.join("room");
    await settled();
    const { ref } = socket().last("chat:join");
    const refused = assert.rejects(joining, { code: "instance_full", retryable: true, retryAfterMs: 500 });
    await socket().reply({
      type: "error",
      code: "instance_full",
      message: "Full.",
      ref,
      retryable: true,
      retryAfterMs: 500,
    });
    await refused;
    client.drop();
    client.reconnectNow();
    await online();
    assert.deepEqual(socket().all("chat:join"), []);
  });

  test("a leave while offline is caught up with at the next welcome", async () => {
    const { client, joined, online, socket } = rig();
    await joined();
    await socket().fail(1006);
    client.leave("room");
    client.reconnectNow();
    await online({ resumed: true, instances: ["room"] });
    assert.equal(socket().last("chat:leave").instance, "room");
    assert.ok(socket().last("chat:leave").ref, "a refusal without one would mean a later join");
    assert.equal(client.view("room"), undefined);
  });

  test("a join while offline is done at the next welcome", async () => {
    const { client, connected, online, socket } = rig();
    await connected();
    await socket().fail(1006);
    client.join("room");
    client.reconnectNow();
    await online({ resumed: true });
    assert.equal(socket().all("chat:join").length, 1);
  });
});

describe("the stream", () => {
  test("deltas change the view and are told as changes", async () => {
    const { client, events, joined, socket } = rig();
    const changes = events("change");
    await joined();
    await socket().reply(delta(10, 11, { joined: [member("@cy")], here: ["@cy"] }), delta(11, 12, { left: ["@ann"] }));
    assert.deepEqual(ids(client.view("room")), ["@bob", "@cy"]);
    assert.deepEqual(
      changes.slice(1).map(({ message, changes: { joined: came, left } }) => [message.seq, came.length, left.length]),
      [
        [11, 1, 0],
        [12, 0, 1],
      ],
    );
  });

  test("a gap asks once for what is missing, from where the view stands", async () => {
    const { client, joined, socket } = rig();
    await joined();
    await socket().reply(delta(11, 12), delta(12, 13));
    const joins = socket().all("chat:join");
    assert.equal(joins.length, 2);
    assert.deepEqual(joins[1].since, { epoch: EPOCH, seq: 10 });
    await socket().reply({ ...delta(10, 12, { joined: [member("@cy")] }), ref: joins[1].ref }, delta(12, 13));
    assert.equal(client.view("room").seq, 13);
    await socket().reply(delta(14, 15));
    assert.equal(socket().all("chat:join").length, 3, "a later gap asks again");
  });

  test("gaps without end ask with back-off and for a fresh snapshot", async () => {
    const { clock, joined, socket } = rig();
    await joined();
    await socket().reply(delta(11, 12));
    const { ref } = socket().last("chat:join");
    await socket().reply({ ...delta(12, 13), ref });
    assert.equal(socket().all("chat:join").length, 2);
    await clock.advance(500);
    assert.equal(socket().all("chat:join").length, 3);
    assert.equal(socket().last("chat:join").since, undefined);
  });

  test("another epoch starts again by number", async () => {
    const { client, joined, socket } = rig();
    await joined();
    await socket().reply({ ...delta(1, 2), epoch: EPOCH + 1 });
    await socket().reply({ ...presence(2, ["@cy"], { epoch: EPOCH + 1 }), ref: socket().last("chat:join").ref });
    assert.deepEqual(client.view("room").position, { epoch: EPOCH + 1, seq: 2 });
  });

  test("a session that expired rejoins everything from where the views stand", async () => {
    const { client, events, joined, online, socket } = rig();
    const errors = events("error");
    await joined();
    await socket().fail(1006);
    client.reconnectNow();
    await online({ session: "s2", resumed: false });
    await socket().reply({ type: "error", code: "resume_expired", message: "A fresh session.", retryable: false });
    const { ref, since } = socket().last("chat:join");
    assert.deepEqual(since, { epoch: EPOCH, seq: 10 });
    await socket().reply({ ...delta(10, 11, { joined: [member("@cy")] }), ref });
    assert.equal(client.view("room").seq, 11);
    assert.deepEqual(
      errors.map(({ code }) => code),
      ["resume_expired"],
    );
  });

  test("an automatic rejoin that is refused for good is told, a passing refusal is tried again", async () => {
    const { client, clock, events, joined, online, socket } = rig();
    const unjoined = events("unjoined");
    await joined();
    await socket().fail(1006);
    client.reconnectNow();
    await online({ session: "s2" });
    await socket().reply({
      type: "error",
      code: "unavailable",
      message: "Moving.",
      ref: socket().last("chat:join").ref,
      retryable: true,
      retryAfterMs: 700,
    });
    await clock.advance(700);
    assert.equal(socket().all("chat:join").length, 2);
    await socket().reply({
      type: "error",
      code: "forbidden",
      message: "No.",
      ref: socket().last("chat:join").ref,
      retryable: false,
    });
    assert.deepEqual(
      unjoined.map(({ instance, error }) => [instance, error.code]),
      [["room", "forbidden"]],
    );
    assert.equal(client.view("room"), undefined);
  });
});

test("a membership that ends without being asked about is told", async () => {
  const { client, events, joined, socket } = rig();
  const unjoined = events("unjoined");
  await joined();
  await socket().reply({ type: "error", code: "forbidden", message: "No.", instance: "room", retryable: false });
  assert.deepEqual(
    unjoined.map(({ instance, error }) => [instance, error.code]),
    [["room", "forbidden"]],
  );
  assert.equal(client.view("room"), undefined);
});

describe("a stream of counts", () => {
  const countsOnly = presence(10, [], { roster: "counts", complete: false });

  test("is a cut without a list, and is gone on with as such", async () => {
    const { client, connected, opened, socket } = rig();
    await connected();
    const joining = client.join("room");
    await settled();
    await socket().reply({ ...countsOnly, ref: socket().last("chat:join").ref });
    assert.equal((await joining).roster, "counts");
    assert.deepEqual(socket().all("roster"), [], "there are no pages to ask for");
    await socket().reply({
      type: "presence:counts",
      instance: "room",
      epoch: EPOCH,
      from: 10,
      seq: 12,
      counts: { people: 9 },
    });
    assert.equal(client.view("room").counts.people, 9);
    await socket().reply({ type: "presence:counts", instance: "room", epoch: EPOCH, from: 13, seq: 14, counts: {} });
    assert.equal(socket().last("chat:join").roster, "counts");
    await socket().fail(1006);
    client.reconnectNow();
    await opened();
    assert.deepEqual(socket().last("hello").resume.instances, [
      { instance: "room", epoch: EPOCH, seq: 12, roster: "counts" },
    ]);
  });
});

test("a stream that cannot be given after a resume is asked for again", async () => {
  const { client, clock, events, joined, online, socket } = rig();
  const errors = events("error");
  await joined();
  await socket().fail(1006);
  client.reconnectNow();
  await online({ resumed: true, instances: ["room"] });
  await socket().reply({ type: "error", code: "unavailable", message: "Later.", retryable: true, instance: "room" });
  await clock.advance(500);
  assert.deepEqual(socket().last("chat:join").since, { epoch: EPOCH, seq: 10 });
  assert.deepEqual(errors, []);
});

describe("a large roster", () => {
  /** A client that got the first page of a roster at seq 10, and asked for the next. */
  async function atFirstPage() {
    const it = rig();
    await it.connected();
    const joining = it.client.join("room");
    await settled();
    const { ref } = it.socket().last("chat:join");
    await it.socket().reply({ ...presence(10, ["@ann"], { complete: false, cursor: "c1" }), ref });
    return { ...it, joining };
  }

  const page = (seq, names, more) => ({
    type: "roster",
    instance: "room",
    epoch: EPOCH,
    seq,
    members: names.map(member),
    here: [],
    counts: {},
    ...more,
  });

  test("comes in pages, while changes wait for the last", async () => {
    const { client, joining, socket } = await atFirstPage();
    const first = socket().last("roster");
    assert.deepEqual([first.instance, first.cursor, first.limit], ["room", "c1", 1_000]);
    await socket().reply(delta(10, 11, { left: ["@ann"] }));
    await socket().reply(page(10, ["@bob"], { cursor: "c2", ref: first.ref }));
    assert.equal(client.view("room").known, false);
    await socket().reply(page(10, ["@cy"], { ref: socket().last("roster").ref }));
    const view = await joining;
    assert.deepEqual([view.seq, ids(view)], [11, ["@bob", "@cy"]]);
  });

  test("starts again when its cut is gone", async () => {
    const { joining, socket } = await atFirstPage();
    await socket().reply({
      type: "error",
      code: "conflict",
      message: "Start again.",
      ref: socket().last("roster").ref,
      retryable: true,
    });
    const again = socket().last("chat:join");
    assert.equal(socket().all("chat:join").length, 2);
    await socket().reply({ ...presence(12, ["@bob"]), ref: again.ref });
    assert.deepEqual(ids(await joining), ["@bob"]);
  });

  test("a page refused for now is asked for again", async () => {
    const { clock, socket } = await atFirstPage();
    await socket().reply({
      type: "error",
      code: "rate_limited",
      message: "Slow down.",
      ref: socket().last("roster").ref,
      retryable: true,
      retryAfterMs: 300,
    });
    await clock.advance(300);
    assert.deepEqual(
      socket()
        .all("roster")
        .map(({ cursor }) => cursor),
      ["c1", "c1"],
    );
  });

  test("a socket lost among the pages begins again without a position", async () => {
    const { client, opened, socket } = await atFirstPage();
    await socket().fail(1006);
    client.reconnectNow();
    await opened();
    assert.deepEqual(socket().last("hello").resume.instances, []);
    await socket().reply(welcome({ resumed: true, instances: ["room"] }), presence(15, ["@cy"]));
    assert.deepEqual(ids(client.view("room")), ["@cy"]);
  });

  test("a page asked for by hand does not touch the view", async () => {
    const { client, joined, socket } = rig();
    await joined();
    const asking = client.roster("room", { limit: 5 });
    await settled();
    await socket().reply(page(9, ["@zed"], { ref: socket().last("roster").ref }));
    assert.equal((await asking).members[0].id, "@zed");
    assert.deepEqual(ids(client.view("room")), ["@ann", "@bob"]);
  });
});

test("history and live messages are told apart, each once", async () => {
  const { client, events, joined, socket } = rig();
  const chats = events("chat");
  await joined();
  await socket().reply({ type: "chat:history", instance: "room", messages: [said(3, "m1"), said(7, "m2")] });
  await socket().reply(said(11, "m3"), said(11, "m3"));
  assert.deepEqual(
    chats.map(({ message, history }) => [message.id, history]),
    [
      ["m1", true],
      ["m2", true],
      ["m3", false],
    ],
  );
  assert.equal(client.view("room").messages.length, 3);
});
