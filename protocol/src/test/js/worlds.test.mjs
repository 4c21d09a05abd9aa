import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rig, settled, welcome } from "./fakes.mjs";

const HERE = { x: 1, y: 2 };
const bob = { id: "@bob", handle: "@bob", avatar: { hat: 1 }, pos: { x: 5, y: 5 }, ghost: false };

async function inhabited() {
  const stage = rig();
  await stage.connected();
  const entered = stage.client.joinWorld("garden", { color: "#fff" }, HERE);
  await settled();
  const { ref } = stage.socket().last("world:join");
  await stage.socket().reply({ type: "world:state", piece: "garden", self: "@ann", avatars: [bob], ref });
  return { ...stage, view: await entered };
}

describe("worlds", () => {
  test("the view holds the others as they come, move, fade and go", async () => {
    const { client, events, socket, view } = await inhabited();
    const changes = events("world");
    const piece = "garden";
    assert.deepEqual([...view.avatars.keys()], ["@bob"]);
    await socket().reply(
      { type: "world:joined", piece, id: "@cid", avatar: {}, pos: HERE },
      { type: "world:ghost", piece, id: "@bob" },
      {
        type: "world:moved",
        piece,
        moves: [
          { id: "@cid", pos: { x: 3, y: 3 }, seq: 1 },
          { id: "@ann", pos: HERE, seq: 7 },
        ],
      },
    );
    assert.deepEqual(view.avatars.get("@cid").pos, { x: 3, y: 3 });
    assert.equal(view.avatars.get("@bob").ghost, true);
    await socket().reply(
      { type: "world:returned", piece, id: "@bob", pos: HERE },
      { type: "world:left", piece, id: "@cid", reason: "left" },
    );
    assert.deepEqual(view.avatars.get("@bob"), { ...bob, pos: HERE });
    assert.deepEqual([...client.world(piece).avatars.keys()], ["@bob"]);
    assert.equal(changes.length, 5);
  });

  test("of the moves of one tick the newest is sent", async () => {
    const { client, socket } = await inhabited();
    client.move("garden", { x: 2, y: 2 });
    client.move("garden", { x: 3, y: 3 });
    await settled();
    assert.deepEqual(
      socket()
        .all("world:move")
        .map(({ pos, seq }) => [pos.x, seq]),
      [[3, 2]],
    );
  });

  test("after a reconnect what is still entered is not asked for, what is not is", async () => {
    const { client, clock, sockets, view } = await inhabited();
    client.move("garden", { x: 9, y: 9 });
    await settled();
    for (const worlds of [["garden", "attic"], []]) {
      await sockets.at(-1).fail();
      await clock.advance(1_000);
      sockets.at(-1).open();
      await settled();
      await sockets.at(-1).reply(welcome({ resumed: true, worlds }));
      const socket = sockets.at(-1);
      if (worlds.length > 0) {
        assert.equal(socket.all("world:join").length, 0);
        assert.equal(socket.last("world:leave").piece, "attic");
        assert.deepEqual(socket.last("world:move").pos, { x: 9, y: 9 }); // the last step may have been lost
      } else {
        assert.deepEqual(socket.last("world:join").pos, { x: 9, y: 9 });
      }
    }
    assert.equal(client.world("garden"), view);
  });

  test("a ghost that was let go enters again, who was taken over stays out", async () => {
    const { client, events, socket } = await inhabited();
    const exiled = events("exiled");
    const gone = { type: "world:left", piece: "garden", id: "@ann" };
    await socket().reply({ ...gone, reason: "gone" });
    assert.equal(socket().all("world:join").length, 2);
    await socket().reply({ ...gone, reason: "taken_over" });
    assert.deepEqual(exiled, [{ piece: "garden", reason: "taken_over" }]);
    assert.equal(client.world("garden"), undefined);
  });

  test("who cannot come in again for now tries again, who may not is told", async () => {
    const { client, clock, events, sockets } = await inhabited();
    const exiled = events("exiled");
    await sockets.at(-1).fail();
    await clock.advance(1_000);
    const socket = sockets.at(-1);
    socket.open();
    await settled();
    await socket.reply(welcome({ session: "s2" }));
    const refusal = (code, retryable) => ({
      type: "error",
      code,
      message: code,
      ref: socket.last("world:join").ref,
      retryable,
    });
    await socket.reply({ ...refusal("rate_limited", true), retryAfterMs: 700 });
    assert.equal(socket.all("world:join").length, 1);
    await clock.advance(700);
    assert.equal(socket.all("world:join").length, 2);
    assert.deepEqual(exiled, []);
    await socket.reply(refusal("forbidden", false));
    assert.deepEqual(exiled, [{ piece: "garden", reason: "gone" }]);
    assert.equal(client.world("garden"), undefined);
  });

  test("who enters anew meanwhile is not overtaken by what was to be tried again", async () => {
    const { client, clock, socket } = await inhabited();
    await socket().reply({ type: "world:left", piece: "garden", id: "@ann", reason: "gone" });
    const { ref } = socket().last("world:join");
    await socket().reply({ type: "error", code: "unavailable", message: "Later.", ref, retryable: true });
    client.joinWorld("garden", { color: "#000" }, HERE);
    await clock.advance(60_000);
    assert.deepEqual(socket().last("world:join").avatar, { color: "#000" });
    assert.equal(socket().all("world:join").length, 3);
  });

  test("what is told in a world is handed on", async () => {
    const { client, events, socket } = await inhabited();
    const emitted = events("emitted");
    client.emit("garden", "wave", [1]);
    await settled();
    assert.deepEqual(socket().last("world:emit").data, [1]);
    await socket().reply({ type: "world:emitted", piece: "garden", id: "@bob", name: "wave" });
    assert.equal(emitted[0].id, "@bob");
  });
});
