// A network and a clock under the test's control: what a browser would provide, with the same contract.
import assert from "node:assert/strict";
import { PresenceClient, memoryStore } from "../../main/resources/presence/client/presence-client.js";

/** Lets everything that waits for promises or microtasks run. */
export const settled = () => new Promise((done) => setImmediate(done));

export class FakeClock {
  time = 1_000_000;
  timers = [];

  now = () => this.time;
  setTimeout = (action, ms) => {
    const timer = { at: this.time + ms, action };
    this.timers.push(timer);
    return timer;
  };
  clearTimeout = (timer) => {
    this.timers = this.timers.filter((other) => other !== timer);
  };

  /** Moves the time on, with everything that becomes due on the way, in order. */
  async advance(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.clearTimeout(due);
      this.time = Math.max(this.time, due.at);
      due.action();
      await settled();
    }
    this.time = end;
    await settled();
  }
}

/** The server's side of every socket the client opens; `sockets.at(-1)` is the newest. */
export function fakeNetwork() {
  const sockets = [];
  class FakeWebSocket {
    readyState = 0;
    onopen = null;
    onmessage = null;
    onclose = null;
    onerror = null;
    frames = [];
    closedByClient = false;

    constructor(url, protocols) {
      Object.assign(this, { url, protocols });
      sockets.push(this);
    }

    send(text) {
      assert.equal(this.readyState, 1, "nothing may be sent on a socket that is not open");
      this.frames.push(text);
    }

    close() {
      this.closedByClient = true;
      this.readyState = 2;
    }

    // The rest is the server's part.

    open() {
      this.readyState = 1;
      this.onopen?.({});
    }

    reply(...messages) {
      this.onmessage?.({ data: JSON.stringify(messages.length === 1 ? messages[0] : messages) });
      return settled();
    }

    fail(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code, reason: "", wasClean: code !== 1006 });
      return settled();
    }

    /** Everything received so far, one by one. */
    get received() {
      return this.frames.map((frame) => JSON.parse(frame)).flat();
    }

    all(type) {
      return this.received.filter((message) => message.type === type);
    }

    last(type) {
      const found = this.all(type).at(-1);
      assert.ok(found, `no ${type} among ${JSON.stringify(this.received)}`);
      return found;
    }
  }
  return { FakeWebSocket, sockets };
}

export const EPOCH = 1_700_000_000_000;
export const counts = (people = 0, here = 0) => ({ people, here, sessions: people, anonymous: 0 });
export const member = (id) => ({ id, handle: id });

export function welcome(more = {}) {
  const session = more.session ?? "s1";
  return {
    type: "welcome",
    session,
    anonymous: true,
    epoch: 1,
    resumed: false,
    resume: `${session}.secret1`,
    graceMs: 90_000,
    pingMs: 25_000,
    instances: [],
    ...more,
  };
}

export function presence(seq, ids = [], more = {}) {
  const online = ids.map(member);
  return {
    type: "presence",
    instance: "room",
    epoch: EPOCH,
    seq,
    roster: "full",
    online,
    here: [],
    counts: counts(ids.length),
    complete: true,
    ...more,
  };
}

export function delta(from, seq, more = {}) {
  return {
    type: "presence:delta",
    instance: "room",
    epoch: EPOCH,
    seq,
    from,
    joined: [],
    left: [],
    here: [],
    away: [],
    counts: counts(),
    ...more,
  };
}

export function said(seq, id, more = {}) {
  return {
    type: "chat:message",
    instance: "room",
    epoch: EPOCH,
    seq,
    id,
    from: member("@bob"),
    text: id,
    at: "2026-01-01T00:00:00Z",
    ...more,
  };
}

/** A client on a fake network; `chance` is what its random numbers are. */
export function rig({ chance = 0.5, ...options } = {}) {
  const { FakeWebSocket, sockets } = fakeNetwork();
  const clock = new FakeClock();
  const store = options.store ?? memoryStore();
  const client = new PresenceClient({
    url: "http://node.test",
    webSocket: FakeWebSocket,
    clock,
    store,
    random: () => chance,
    ...options,
  });
  const states = [];
  const events = (name) => {
    const seen = [];
    client.on(name, (value) => seen.push(value));
    return seen;
  };
  client.on("state", ({ state }) => states.push(state));
  const socket = () => sockets.at(-1);

  /** Opens the newest socket and lets the hello through. */
  async function opened() {
    await settled();
    socket().open();
    await settled();
    return socket();
  }

  /** The newest socket after its welcome. */
  async function online(more) {
    await opened();
    await socket().reply(welcome(more));
    return socket();
  }

  async function connected(more) {
    client.connect();
    return online(more);
  }

  /** Connected and a member of `room` at seq 10 with ann and bob. */
  async function joined(more) {
    await connected(more);
    client.join("room");
    await settled();
    await socket().reply({ ...presence(10, ["@ann", "@bob"]), ref: socket().last("chat:join").ref });
    return socket();
  }

  return { client, clock, sockets, store, states, events, socket, opened, online, connected, joined };
}
