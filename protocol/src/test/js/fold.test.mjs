import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { HISTORY_MAX, InstanceView } from "../../main/resources/presence/client/presence-client.js";
import { counts, delta, member, presence, said } from "./fakes.mjs";

const vectors = new URL("../resources/presence/fold/", import.meta.url);

/** Changes as the vectors write them: ids per kind, sorted, kinds without any left out. */
function ids(changes) {
  const id = (change) => change.member?.id ?? change.id ?? change;
  const named = Object.entries(changes).map(([kind, list]) => [kind, list.map(id).sort()]);
  return Object.fromEntries(named.filter(([, list]) => list.length > 0));
}

const sorted = (changes) => Object.fromEntries(Object.entries(changes).map(([kind, list]) => [kind, [...list].sort()]));

for (const file of readdirSync(vectors).filter((name) => name.endsWith(".json"))) {
  const { name, start, steps, view: expected } = JSON.parse(readFileSync(new URL(file, vectors), "utf8"));
  test(`${name} (${file})`, () => {
    const view = new InstanceView("chat-lobby");
    if (start) assert.equal(view.apply(start).verdict, "applied");
    for (const [i, { message, verdict, changes }] of steps.entries()) {
      const outcome = view.apply(message);
      assert.equal(outcome.verdict, verdict, `step ${i + 1}`);
      assert.deepEqual(ids(outcome.changes), sorted(changes), `changes of step ${i + 1}`);
    }
    const { instance, messages, ...rest } = view.toJSON();
    assert.equal(instance, "chat-lobby");
    assert.deepEqual({ ...rest, messages: messages.map(({ id }) => id) }, expected);
  });
}

test("a view keeps no more history than the server", () => {
  const view = new InstanceView("room");
  view.apply(presence(0));
  for (let seq = 1; seq <= HISTORY_MAX + 20; seq++) assert.equal(view.apply(said(seq, `m${seq}`)).verdict, "applied");
  assert.equal(view.messages.length, HISTORY_MAX);
  assert.equal(view.messages[0].id, "m21");
});

test("what waits for the last page is bounded", () => {
  const view = new InstanceView("room");
  view.apply(presence(0, [], { complete: false, cursor: "next" }));
  const verdicts = new Set();
  for (let seq = 1; seq <= 10_001; seq++) verdicts.add(view.apply(delta(seq - 1, seq)).verdict);
  assert.deepEqual([...verdicts], ["held", "gap"]);
});

test("any cut of a random stream and its rest fold to the same set, and joins and leaves alternate", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = generator(seed);
    const { deltas, cuts } = randomStream(next, 60);
    const at = Math.floor(next() * cuts.length);
    const whole = follow(cuts[0], deltas);
    const late = follow(cuts[at], deltas);
    assert.deepEqual(late.view.toJSON(), whole.view.toJSON(), `seed ${seed}`);
    assertAlternating(whole.seen, seed);

    const resnapped = follow(cuts[0], deltas.slice(0, Math.floor(at / 2)));
    resnapped.record(cuts[at]);
    for (const message of deltas) resnapped.record(message);
    assert.deepEqual(resnapped.view.toJSON(), whole.view.toJSON(), `seed ${seed}`);
    assertAlternating(resnapped.seen, seed);
  }
});

function follow(cut, messages) {
  const view = new InstanceView("room");
  const seen = [];
  const record = (message) => {
    const { changes } = view.apply(message);
    for (const { id } of changes.left) seen.push([id, "left"]);
    for (const { id } of changes.joined) seen.push([id, "joined"]);
  };
  for (const message of [cut, ...messages]) record(message);
  return { view, seen, record };
}

function assertAlternating(seen, seed) {
  const last = new Map();
  for (const [id, what] of seen) {
    assert.notEqual(last.get(id), what, `${id} ${what} twice, seed ${seed}`);
    last.set(id, what);
  }
}

function randomStream(next, length) {
  const online = new Set();
  const here = new Set();
  const cut = (seq) => presence(seq, [...online], { here: [...here], counts: counts(online.size, here.size) });
  const deltas = [];
  const cuts = [cut(0)];
  for (let seq = 1; seq <= length; seq++) {
    const id = `@p${Math.floor(next() * 6)}`;
    const change = {};
    if (!online.has(id)) {
      online.add(id);
      change.joined = [member(id)];
    } else if (next() < 0.4) {
      online.delete(id);
      here.delete(id);
      change.left = [id];
    } else if (here.delete(id)) {
      change.away = [id];
    } else {
      here.add(id);
      change.here = [id];
    }
    deltas.push(delta(seq - 1, seq, { ...change, counts: counts(online.size, here.size) }));
    cuts.push(cut(seq));
  }
  return { deltas, cuts };
}

/** mulberry32: small, seeded, good enough to walk through cases. */
function generator(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
