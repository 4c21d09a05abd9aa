/**
 * JavaScript client of `presence.v1`. It keeps one session alive over any number of sockets: reconnects with its resume
 * token, names what it already knows, folds what it missed, and sends again what was not answered.
 *
 * One ES module without dependencies. In Node the WebSocket class is passed in (`new PresenceClient({ webSocket })`).
 * The rules come first, as plain functions and one class that know no socket and no clock; the client is at the end.
 */

export const PROTOCOL = "presence.v1";

/** The server closes a socket (1009) that sends a larger text frame. */
export const FRAME_BYTES_MAX = 64 * 1024;

/** Chat messages a view keeps; the server keeps as many. */
export const HISTORY_MAX = 500;

/** Changes held back while pages of a snapshot are under way; the server's own ring reaches no further. */
const HELD_MAX = 10_000;

/** Roster page asked for; the server's limit. */
const PAGE_MEMBERS = 1_000;

/** Direct messages and outcomes whose ids are remembered: four mailboxes full, so that none is handed over twice. */
const ARRIVALS_MAX = 4_096;

/** Ids one `dm:ack` may name; the server's limit. */
const ACKNOWLEDGED_MAX = 1_000;

/** From the first step of a connection to its welcome; the server waits 10 s for a hello. */
const WELCOME_PATIENCE_MS = 15_000;

/** A connection that lived this long starts the back-off anew; one that falls at once must not hammer the server. */
const STABLE_MS = 5_000;

/**
 * A page that is left or reloaded is hidden first. Only what stays hidden for this long is in the background: the others
 * must not see a navigation. A page that is gone by then has no timers.
 */
const HIDDEN_MS = 300;

/** How long `bye()` waits for the server to close before it ends the socket itself. */
const BYE_PATIENCE_MS = 2_000;

/**
 * What follows each close code. `next`: "retry" reconnect with back-off; "token" the same, after fetching a new token;
 * "stop" do not reconnect by yourself. `forget`: the resume token is of no more use to us.
 */
export const CLOSE_CODES = Object.freeze({
  1000: { next: "stop", forget: true, words: "You left." },
  1001: { next: "retry", forget: false, words: "The server went away." },
  1006: { next: "retry", forget: false, words: "The connection was lost." },
  1009: { next: "stop", forget: false, words: "A message was too large for the server." },
  1012: { next: "retry", forget: false, words: "The server is being updated." },
  4300: { next: "retry", forget: false, words: "The server cannot take this connection just now." },
  4400: { next: "stop", forget: false, words: "The server did not understand this client." },
  4401: { next: "retry", forget: false, words: "The server waited too long for a greeting." },
  4402: { next: "token", forget: false, words: "The sign-in has expired." },
  4403: { next: "stop", forget: true, words: "The server refused this identity." },
  4408: { next: "retry", forget: false, words: "This connection was too slow." },
  4409: { next: "stop", forget: true, words: "This session was opened somewhere else." },
  4410: { next: "stop", forget: true, words: "You were removed." },
  4411: { next: "stop", forget: true, words: "You are banned." },
});

/** What follows a close code, known or not. */
export function afterClose(code) {
  // Codes below 4000 come from networks, proxies and browsers and say nothing about us; an application's code that we do
  // not know may be a refusal.
  return (
    CLOSE_CODES[code] ?? { ...CLOSE_CODES[code < 4000 ? 1006 : 4400], words: `The connection was closed (${code}).` }
  );
}

/** Full jitter: anything between nothing and a bound that doubles with each attempt. */
export function backoffMs(attempt, { baseMs = 500, maxMs = 30_000, random = Math.random } = {}) {
  return Math.floor(random() * Math.min(maxMs, baseMs * 2 ** attempt));
}

/** How long to wait before the next attempt: what the server asked for (`closing`, `retryAfterMs`) goes before chance. */
export function reconnectDelayMs({ attempt, now, closing, retryAfterMs = 0, backoff }) {
  if (closing) return Math.max(0, closing.at + closing.reconnectAfterMs - now);
  return Math.max(retryAfterMs, backoffMs(attempt, backoff));
}

/**
 * Is the other side gone? The server pings when it has not heard from us for `pingMs`, so nothing heard for two of these
 * after our last word, or after a question that is still open, means that nobody is there.
 */
export function isSilent({ now, heardAt, spokeAt, askedAt = Infinity, pingMs }) {
  const bound = now - 2 * pingMs;
  return heardAt < bound && (spokeAt < bound || askedAt < bound);
}

/** Packs encoded messages, in order, into few text frames: one as it is, several as a JSON array. */
export function packFrames(messages, bytesMax = FRAME_BYTES_MAX) {
  const frames = [];
  let part = [];
  let bytes = 2;
  const close = () => {
    if (part.length > 0) frames.push(part.length === 1 ? part[0] : `[${part.join(",")}]`);
    part = [];
    bytes = 2;
  };
  for (const message of messages) {
    const more = utf8Bytes(message) + 1;
    if (bytes + more > bytesMax) close();
    part.push(message);
    bytes += more;
  }
  close();
  return frames;
}

/** The text a key signs to answer a challenge; nothing captured can be replayed. */
export function challengeText(publicKey, nonce) {
  return `${PROTOCOL}\nhello\n${publicKey.toLowerCase()}\n${nonce}`;
}

/** A refusal in a word for machines (`code`) and a sentence for people (`message`). */
export class PresenceError extends Error {
  constructor({ code, message, ref, retryable = false, retryAfterMs, instance, clientMessageId }) {
    super(message || code);
    Object.assign(this, { name: "PresenceError", code, ref, retryable, retryAfterMs, instance, clientMessageId });
  }
}

/**
 * One instance as this client knows it: always an exact cut of the stream at (epoch, seq). While further pages of a
 * snapshot are under way it stays at the cut before, and what comes later waits.
 *
 * `apply(message)` answers `{ verdict, changes, cursor? }`:
 *
 *   applied   the view is now at the message's seq
 *   stale     known already; nothing changed
 *   partial   a page of a snapshot; ask for the next with `cursor`
 *   held      waits for the last page
 *   gap       something is missing, nothing was changed: join again with `since`
 *   conflict  a page of another cut: join again for a fresh snapshot
 *   ignored   not a message of an instance's stream
 *
 * `changes` is the effect on this view (net, after a snapshot), so that joins and leaves of a person alternate.
 */
export class InstanceView {
  epoch = null;
  seq = null;
  roster = "full";
  members = new Map();
  here = new Set();
  counts = { people: 0, here: 0, sessions: 0, anonymous: 0 };
  messages = [];
  #draft = null;
  #held = [];

  constructor(instance) {
    this.instance = instance;
  }

  /** Is there a cut yet? */
  get known() {
    return this.epoch !== null;
  }

  /** Where this view stands, as `since` and `resume.instances` want it; null before the first cut. */
  get position() {
    return this.known ? { epoch: this.epoch, seq: this.seq } : null;
  }

  apply(message) {
    switch (message.type) {
      case "presence":
        return this.#snapshot(message);
      case "roster":
        return this.#page(message);
      case "presence:delta":
      case "presence:counts":
      case "chat:message":
      case "chat:history":
        return this.#draft ? this.#hold(message) : this.#advance(message);
      default:
        return outcome("ignored");
    }
  }

  /** Gives up a snapshot whose pages will not come any more; the view stays at its cut. */
  forgetDraft() {
    this.#draft = null;
    this.#held = [];
  }

  toJSON() {
    const byId = (a, b) => (a.id < b.id ? -1 : 1);
    const { instance, epoch, seq, roster, counts, messages } = this;
    return {
      instance,
      epoch,
      seq,
      roster,
      online: [...this.members.values()].sort(byId),
      here: [...this.here].sort(),
      counts,
      messages,
    };
  }

  #snapshot({ epoch, seq, roster = "full", online = [], here = [], counts, complete, cursor }) {
    const cut = {
      epoch,
      seq,
      roster,
      members: new Map(online.map((member) => [member.id, member])),
      here: new Set(here),
      counts,
    };
    this.forgetDraft();
    if (complete !== false || !cursor) return this.#adopt(cut); // no cursor: counts only, nobody is listed
    this.#draft = cut;
    return outcome("partial", noChanges(), cursor);
  }

  #page({ epoch, seq, members = [], here = [], cursor }) {
    const draft = this.#draft;
    if (!draft) return outcome("ignored");
    if (epoch !== draft.epoch || seq !== draft.seq) return outcome("conflict");
    for (const member of members) draft.members.set(member.id, member);
    for (const id of here) draft.here.add(id);
    return cursor ? outcome("partial", noChanges(), cursor) : this.#adopt(draft);
  }

  #adopt(cut) {
    const changes = this.known ? difference(this, cut) : noChanges();
    if (this.epoch !== cut.epoch) this.messages = [];
    Object.assign(this, cut);
    const held = this.#held;
    this.forgetDraft();
    let verdict = "applied";
    for (const message of held) {
      const next = this.#advance(message);
      for (const kind of Object.keys(changes)) changes[kind].push(...next.changes[kind]);
      if (next.verdict === "gap") verdict = "gap";
    }
    return outcome(verdict, changes);
  }

  #hold(message) {
    if (message.epoch === this.#draft.epoch && message.seq <= this.#draft.seq) return outcome("stale");
    if (this.#held.length >= HELD_MAX) {
      this.forgetDraft();
      return outcome("gap");
    }
    this.#held.push(message);
    return outcome("held");
  }

  #advance(message) {
    if (message.type === "chat:history")
      return outcome("applied", { ...noChanges(), history: this.#remember(message.messages) });
    if (message.epoch !== this.epoch) return outcome("gap");
    if (message.seq <= this.seq) return outcome("stale");
    const from = message.type === "chat:message" ? message.seq - 1 : message.from;
    if (from !== this.seq) return outcome("gap");
    // Counts alone cannot say who came and who went.
    if (message.type === "presence:counts" && this.roster === "full") return outcome("gap");
    this.seq = message.seq;
    if (message.type === "chat:message")
      return outcome("applied", { ...noChanges(), messages: this.#remember([message]) });
    this.counts = message.counts;
    return outcome(
      "applied",
      message.type === "presence:delta" && this.roster === "full" ? this.#change(message) : noChanges(),
    );
  }

  #change({ joined = [], left = [], here = [], away = [], renamed = [] }) {
    const changes = noChanges();
    for (const id of left) {
      const member = this.members.get(id);
      if (member) changes.left.push(member);
      this.members.delete(id);
      this.here.delete(id);
    }
    for (const member of joined) {
      if (!this.members.has(member.id)) changes.joined.push(member);
      this.members.set(member.id, member);
    }
    for (const member of renamed) {
      const before = this.members.get(member.id);
      if (!before) continue;
      const after = { ...member, handle: member.handle ?? before.handle };
      this.members.set(member.id, after);
      changes.renamed.push({ before, member: after });
    }
    for (const id of away) if (this.here.delete(id)) changes.away.push(id);
    for (const id of here) {
      if (!this.here.has(id)) changes.here.push(id);
      this.here.add(id);
    }
    return changes;
  }

  #remember(messages = []) {
    const known = new Set(this.messages.map(({ id }) => id));
    const added = messages.filter(({ id }) => !known.has(id));
    const last = this.messages.at(-1)?.seq ?? 0;
    this.messages = [...this.messages, ...added];
    if (added.some(({ seq }) => seq < last)) this.messages.sort((a, b) => a.seq - b.seq);
    this.messages = this.messages.slice(-HISTORY_MAX);
    return added;
  }
}

/**
 * One world as this client knows it now: the others in it by id, each `{ id, handle?, avatar, pos, ghost }`. `apply`
 * answers whether the message was news.
 */
export class WorldView {
  self = null;
  avatars = new Map();

  constructor(piece) {
    this.piece = piece;
  }

  /** Is the state known? */
  get known() {
    return this.self !== null;
  }

  apply(message) {
    const { id } = message;
    switch (message.type) {
      case "world:state":
        this.self = message.self;
        this.avatars = new Map(message.avatars.map((avatar) => [avatar.id, avatar]));
        return true;
      case "world:joined": {
        if (id === this.self) return false;
        const { handle, avatar, pos } = message;
        this.avatars.set(id, { id, handle, avatar, pos, ghost: false });
        return true;
      }
      case "world:left":
        return this.avatars.delete(id);
      case "world:ghost":
        return this.#change(id, { ghost: true });
      case "world:returned":
        return this.#change(id, { ghost: false, pos: message.pos });
      case "world:moved":
        return message.moves.map((move) => this.#change(move.id, { pos: move.pos })).includes(true);
      default:
        return false;
    }
  }

  #change(id, now) {
    const avatar = this.avatars.get(id);
    if (avatar) this.avatars.set(id, { ...avatar, ...now });
    return avatar !== undefined;
  }
}

function outcome(verdict, changes = noChanges(), cursor) {
  return cursor === undefined ? { verdict, changes } : { verdict, changes, cursor };
}

function noChanges() {
  return { joined: [], left: [], here: [], away: [], renamed: [], messages: [], history: [] };
}

function difference(before, after) {
  const changes = noChanges();
  // Who is who is not known in a view of counts: nobody came or went because we began, or ceased, to look.
  if (before.roster !== "full" || after.roster !== "full") return changes;
  for (const [id, member] of before.members) if (!after.members.has(id)) changes.left.push(member);
  for (const [id, member] of after.members) {
    const known = before.members.get(id);
    if (!known) changes.joined.push(member);
    else if (known.name !== member.name || known.handle !== member.handle)
      changes.renamed.push({ before: known, member });
  }
  for (const id of before.here) if (!after.here.has(id) && after.members.has(id)) changes.away.push(id);
  for (const id of after.here) if (!before.here.has(id)) changes.here.push(id);
  return changes;
}

/** Keeps the resume token as long as this client object lives. */
export function memoryStore() {
  let kept = null;
  return { load: () => kept, save: (token) => void (kept = token), clear: () => void (kept = null) };
}

/**
 * Keeps the resume token in this tab, so that a reload comes back to its session and a duplicated tab, which starts with
 * a copy of `sessionStorage`, gets a session of its own. Use one key per identity.
 *
 * Where the browser has Web Locks (secure pages), the tab holds a lock named after its session: it ends with the page
 * however the page ends, and a copy of the token is worth nothing to a tab that cannot get it. Without them the token is
 * taken out of the storage while the page lives, and put back when it goes.
 */
export function tabStore(key = "presence", { storage, locks, page, patienceMs = 500 } = {}) {
  try {
    storage ??= globalThis.sessionStorage;
    storage.getItem(key);
  } catch {
    return memoryStore();
  }
  if (locks === undefined) locks = globalThis.navigator?.locks;
  return locks ? lockedStore(key, storage, locks, patienceMs) : takenStore(key, storage, page ?? globalThis);
}

function lockedStore(key, storage, locks, patienceMs) {
  let claim = null;

  /** Resolves to true when the lock is ours, to false when we gave up waiting. */
  function stake(session) {
    claim?.release();
    const waiting = new AbortController();
    const mine = { session, release: () => waiting.abort() };
    claim = mine;
    return new Promise((decided) => {
      const held = () =>
        new Promise((release) => {
          mine.release = release;
          decided(true);
        });
      locks.request(`${key}:${session}`, { signal: waiting.signal }, held).catch(() => decided(false));
    });
  }

  return {
    async load() {
      const token = storage.getItem(key);
      if (!token) return null;
      // A page that is being reloaded gives its lock up within moments; a living tab never does.
      const staked = stake(sessionOf(token));
      const mine = claim;
      const timer = setTimeout(() => mine.release(), patienceMs);
      const granted = await staked;
      clearTimeout(timer);
      if (granted) return token;
      claim = null;
      storage.removeItem(key);
      return null;
    },
    save(token) {
      if (claim?.session !== sessionOf(token)) stake(sessionOf(token));
      storage.setItem(key, token);
    },
    clear() {
      claim?.release();
      claim = null;
      storage.removeItem(key);
    },
  };
}

function takenStore(key, storage, page) {
  let token = null;
  page.addEventListener("pagehide", () => token && storage.setItem(key, token));
  page.addEventListener("pageshow", (event) => event.persisted && storage.removeItem(key));
  return {
    load() {
      token = storage.getItem(key);
      storage.removeItem(key);
      return token;
    },
    save: (next) => void (token = next),
    clear() {
      token = null;
      storage.removeItem(key);
    },
  };
}

function sessionOf(token) {
  return token.slice(0, token.lastIndexOf("."));
}

/** Where a server's base or socket address has its socket and its leave route. */
export function endpoints(url) {
  const base = String(url)
    .replace(/^ws/, "http")
    .replace(/\/(ws\/?)?$/, "");
  return { socket: `${base.replace(/^http/, "ws")}/ws`, leave: `${base}/v1/leave` };
}

/**
 * A session with a presence server.
 *
 * States: `idle` → `connecting` → `online` ⇄ `waiting` → `connecting` …, and `stopped` when it will not come back by
 * itself. What was joined, watched, looked at and asked outlives the socket.
 *
 * Events (`on`): `state`, `welcome`, `change`, `chat`, `direct` (somebody wrote to this person or session), `outcome` (of
 * a direct message sent from here), `user`, `unjoined` (an instance that could not be joined again, or may not be heard
 * any more), `exiled` (from a world: `reason` as in `world:left`, or "gone" when it could not be entered again),
 * `expiring` (the token will end; another is fetched where that is possible), `closing`, `error` (refusals no promise
 * waits for), `message` (server messages of types this client does not know).
 */
export class PresenceClient {
  #urls;
  #auth;
  #webSocket;
  #store;
  #clock;
  #backoff;
  #followVisibility;
  #leaveOnPageHide;
  #device;
  #displayName;
  #location;
  #wantsVisible;

  #listeners = new Map();
  #page = null;
  #state = { state: "idle" };
  #welcome = null;
  #arrival = null;
  #parting = null;
  #token = null;
  #resume = null;
  #link = null;
  #timer = null;
  #hiding = null;
  #attempt = 0;
  #refs = 0;
  #outbox = [];
  #requests = new Map();
  #places = new Map();
  #worlds = new Map();
  #steps = 0;
  #watched = new Map();
  #arrived = new Set();

  constructor({
    url = globalThis.location?.origin,
    auth = {},
    webSocket = globalThis.WebSocket,
    store,
    clock,
    random = Math.random,
    ...rest
  } = {}) {
    if (!url) throw new TypeError("PresenceClient needs a url");
    if (!webSocket) throw new TypeError("PresenceClient needs a WebSocket class: pass { webSocket }");
    this.#urls = endpoints(url);
    this.#auth = auth;
    this.#webSocket = webSocket;
    this.#store = store ?? (globalThis.document ? tabStore() : memoryStore());
    this.#clock = clock ?? {
      now: Date.now,
      setTimeout: (f, ms) => setTimeout(f, ms),
      clearTimeout: (t) => clearTimeout(t),
    };
    this.#backoff = { ...rest.backoff, random };
    this.#followVisibility = rest.followVisibility ?? false;
    this.#leaveOnPageHide = rest.leaveOnPageHide ?? false;
    this.#device = rest.device;
    this.#displayName = rest.displayName;
    this.#location = rest.location;
    this.#wantsVisible = rest.visible;
  }

  /** `{ state, code?, words?, error?, retryAt?, attempt? }`: what the last `state` event said. */
  get state() {
    return this.#state;
  }

  /** The last `welcome` (session, user, anonymous, epoch, resumed, graceMs, …), or null. */
  get welcome() {
    return this.#welcome;
  }

  /** The view of an instance that was joined, or undefined. */
  view(instance) {
    return this.#places.get(instance)?.view;
  }

  /** Calls `listener` at each event of that name; returns a function that ends this. */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
    return () => this.#listeners.get(event).delete(listener);
  }

  /** Starts, or starts again after a stop. Resolves with the first `welcome`, rejects when the client stops before it. */
  connect() {
    if (this.#state.state === "idle" || this.#state.state === "stopped") {
      this.#arrival = deferred();
      this.#attempt = 0;
      this.#followPage();
      this.#open();
    } else {
      this.reconnectNow();
    }
    return this.#arrival.promise;
  }

  /** Ends a wait early. */
  reconnectNow() {
    if (this.#state.state === "waiting") this.#open();
  }

  /** Loses the socket as a failing network would, and comes back after `forMs`; the session keeps its lease meanwhile. */
  drop(forMs = 0) {
    if (this.#state.state === "idle" || this.#state.state === "stopped") return;
    this.#hangUp();
    this.#wait(forMs, 1006);
  }

  /** Closes the socket without a farewell and stays away until `connect()`; the session keeps its lease. */
  disconnect() {
    this.#hangUp();
    this.#stop(1006, { forget: false, words: "Disconnected." });
  }

  /** Ends the session: everybody sees the leave at once. Resolves when it is done. `connect()` joins everything again. */
  bye() {
    if (!this.#link?.welcomed) {
      this.leaveByBeacon();
      return Promise.resolve();
    }
    if (!this.#parting) {
      const link = this.#link;
      this.#parting = deferred();
      this.#post({ type: "bye" });
      this.#clock.clearTimeout(link.timer);
      link.timer = this.#clock.setTimeout(() => this.#abandon(link), BYE_PATIENCE_MS);
    }
    return this.#parting.promise;
  }

  /** Ends the session by a request that outlives the page (`pagehide`), or that needs no socket. */
  leaveByBeacon() {
    const token = this.#resume;
    this.#hangUp();
    if (token) {
      const sent = globalThis.navigator?.sendBeacon?.(this.#urls.leave, token);
      if (!sent) globalThis.fetch?.(this.#urls.leave, { method: "POST", body: token, keepalive: true }).catch(() => {});
    }
    this.#stop(1000, afterClose(1000));
  }

  /** Becomes a member, now and after every reconnect. Resolves with the view once it is a cut of the stream. */
  join(instance, { roster } = {}) {
    let place = this.#places.get(instance);
    if (!place) {
      place = {
        instance,
        roster,
        view: new InstanceView(instance),
        joined: deferred(),
        asked: null,
        paging: null,
        timer: null,
        attempt: 0,
      };
      this.#places.set(instance, place);
      if (this.#link?.welcomed) this.#ask(place);
    }
    return place.joined.promise;
  }

  /** Leaves an instance: visible at once, no grace. */
  leave(instance) {
    const place = this.#places.get(instance);
    if (!place) return;
    this.#forget(place, new PresenceError({ code: "not_joined", message: "Left before the join was answered." }));
    this.#postLeave(instance);
  }

  /** With a `ref`: a refusal without one is about the membership that a later join began. */
  #postLeave(instance) {
    this.#post({ type: "chat:leave", instance, ref: this.#nextRef() });
  }

  /** The view of a world that was entered, or undefined. */
  world(piece) {
    return this.#worlds.get(piece)?.view;
  }

  /** Enters a world, now and after every reconnect; resolves with the view once its state is known. */
  joinWorld(piece, avatar, pos) {
    const before = this.#worlds.get(piece);
    if (before) this.#clock.clearTimeout(before.timer);
    const joined = before?.joined ?? deferred();
    const world = {
      piece,
      avatar,
      pos,
      view: new WorldView(piece),
      joined,
      asked: null,
      walked: false,
      timer: null,
      attempt: 0,
    };
    this.#worlds.set(piece, world);
    if (this.#link?.welcomed) this.#enter(world);
    return joined.promise;
  }

  /** Leaves a world: visible at once, no ghost. */
  leaveWorld(piece) {
    const world = this.#worlds.get(piece);
    if (!world) return;
    this.#exile(world, new PresenceError({ code: "not_joined", message: "Left before the join was answered." }));
    this.#post({ type: "world:leave", piece });
  }

  /** The avatar is here now. Of several moves in one tick only the newest is sent. */
  move(piece, pos) {
    const world = this.#worlds.get(piece);
    if (!world) return;
    world.pos = pos;
    world.walked = true;
    this.#step(world);
  }

  #step({ piece, pos }) {
    this.#steps += 1;
    const pending = this.#outbox.find((message) => message.type === "world:move" && message.piece === piece);
    if (pending) Object.assign(pending, { pos, seq: this.#steps });
    else this.#post({ type: "world:move", piece, pos, seq: this.#steps });
  }

  /** Tells the others in the world something, if there is a connection now; each hears it at most once. */
  emit(piece, name, data) {
    this.#post({ type: "world:emit", piece, name, data });
  }

  /**
   * Says something. Resolves with the message as the stream has it; sent again after a resume until it is answered, and
   * published once however often it is sent.
   */
  send(instance, text, { clientMessageId = newId() } = {}) {
    return this.request({ type: "chat:message", instance, text, clientMessageId });
  }

  /**
   * Writes to a session by its id, or to a person by `@handle` or key, whether they are there or not. Resolves with
   * `{ id, clientMessageId }` once the message is durable; an `outcome` event tells what became of it. Sent again after a
   * reconnect until it is answered, and delivered as one message however often it is sent.
   */
  sendTo(to, text, { clientMessageId = newId() } = {}) {
    return this.request({ type: "dm:send", to, text, clientMessageId });
  }

  /** One page of the roster, for clients that follow counts only; does not touch the view. */
  roster(instance, { cursor, limit } = {}) {
    return this.request({ type: "roster", instance, cursor, limit });
  }

  /** An anonymous session becomes a person's, in place; later connections prove themselves with this token as well. */
  async authenticate(token) {
    const fetched = typeof token === "function" ? await token() : token;
    const answer = await this.request({ type: "authenticate", token: fetched });
    this.#auth = { token };
    this.#token = fetched;
    return answer;
  }

  /** Fetches another token before this one ends; who was given a token and not where to get one is told by `expiring`. */
  async #proveAnew(attempt = 0) {
    const token = this.#auth?.token;
    if (typeof token !== "function") return;
    const link = this.#link;
    try {
      await this.authenticate(token);
    } catch (error) {
      this.#emit("error", error);
      // It is told once only, so what fails for now is tried again while this socket lives.
      if (this.#link !== link || error?.retryable === false) return;
      const delayMs = Math.max(error?.retryAfterMs ?? 0, backoffMs(attempt, this.#backoff));
      this.#clock.setTimeout(() => this.#link === link && this.#proveAnew(attempt + 1), delayMs);
    }
  }

  /** Where the user is now; null is nowhere. */
  setLocation(slug) {
    this.#location = slug;
    this.#postLocation();
  }

  /** Whether the user looks at it. With `followVisibility` the tab must be in the foreground as well. */
  setVisible(visible) {
    this.#wantsVisible = visible;
    this.#postLocation();
  }

  /** Another display name. The protocol carries it in the hello, so the session reattaches; others see a rename only. */
  rename(displayName) {
    this.#displayName = displayName;
    this.drop();
  }

  /** Follow single people: `user` events tell online, here and location. */
  watch(users) {
    for (const user of users) this.#watched.set(user, true);
    this.#post({ type: "watch", users });
  }

  unwatch(users) {
    for (const user of users) this.#watched.set(user, false);
    this.#post({ type: "unwatch", users });
  }

  /** Sends any message and resolves with its direct answer; sent again after a resume until it is answered. */
  request(message) {
    const ref = this.#nextRef();
    const whole = { ...message, ref };
    if (utf8Bytes(JSON.stringify(whole)) > FRAME_BYTES_MAX) {
      return Promise.reject(new PresenceError({ code: "too_long", message: "This is too long to be sent.", ref }));
    }
    if (this.#state.state === "stopped") return Promise.reject(closed(this.#state));
    return new Promise((resolve, reject) => {
      const request = { message: whole, resolve, reject, askedAt: null };
      this.#requests.set(ref, request);
      if (this.#link?.welcomed) this.#repeat(request);
    });
  }

  // The connection: one link at a time. Whatever belongs to an earlier link finds that it is not the current one any more
  // and changes nothing.

  async #open() {
    const link = {
      socket: null,
      welcomed: false,
      ready: false,
      error: null,
      closing: null,
      heardAt: 0,
      spokeAt: 0,
      welcomedAt: null,
      timer: null,
      said: null,
    };
    this.#clock.clearTimeout(this.#timer);
    this.#link = link;
    link.timer = this.#clock.setTimeout(() => this.#abandon(link), WELCOME_PATIENCE_MS);
    this.#become({ state: "connecting", attempt: this.#attempt });
    try {
      link.proof = await this.#proof();
      this.#resume ??= await this.#store.load();
    } catch (cause) {
      link.error = cause;
      this.#lost(link, cause?.retryable === false ? 4403 : 1006);
      return;
    }
    if (this.#link !== link) return;
    let socket;
    try {
      socket = new this.#webSocket(this.#urls.socket, [PROTOCOL]);
    } catch (cause) {
      link.error = cause; // an address that no attempt will make right
      this.#lost(link, 4400);
      return;
    }
    link.socket = socket;
    socket.onopen = () => this.#link === link && this.#hello(link, link.proof);
    socket.onmessage = ({ data }) => this.#frame(link, data);
    socket.onclose = ({ code }) => this.#lost(link, code);
    socket.onerror = () => {}; // a close follows
  }

  async #proof() {
    const { token, key } = this.#auth;
    if (token !== undefined) {
      this.#token ??= typeof token === "function" ? await token() : token;
      return { token: this.#token };
    }
    return key ? { key: { publicKey: key.publicKey, attestation: key.attestation } } : {};
  }

  #hello(link, proof) {
    link.said = { location: this.#location, visible: this.#visible() };
    const known = [...this.#places.values()].filter(({ view }) => view.known);
    const resume = this.#resume && {
      token: this.#resume,
      instances: known.map(({ instance, view }) => ({ instance, ...view.position, roster: view.roster })),
    };
    const hello = {
      type: "hello",
      protocol: 1,
      ...proof,
      resume: resume ?? undefined,
      ...link.said,
      device: this.#device,
      displayName: this.#displayName,
    };
    link.socket.send(JSON.stringify(hello));
  }

  async #answerChallenge(link, nonce) {
    const { key } = this.#auth;
    try {
      const signature = asText(await key.sign(challengeText(key.publicKey, nonce)));
      if (this.#link === link) this.#hello(link, { key: { ...link.proof.key, signature } });
    } catch (cause) {
      link.error = cause;
      this.#abandon(link, 4403);
    }
  }

  #frame(link, data) {
    if (this.#link !== link) return;
    link.heardAt = this.#clock.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      this.#emit(
        "error",
        new PresenceError({ code: "bad_json", message: "The server sent something that is not JSON." }),
      );
      return;
    }
    for (const message of Array.isArray(frame) ? frame : [frame]) {
      if (this.#link === link && typeof message?.type === "string") this.#receive(link, message);
    }
  }

  #receive(link, message) {
    switch (message.type) {
      case "challenge":
        return void this.#answerChallenge(link, message.nonce);
      case "welcome":
        return this.#welcomed(link, message);
      case "error":
        return this.#refused(link, message);
      case "closing":
        link.closing = { at: this.#clock.now(), reconnectAfterMs: message.reconnectAfterMs ?? 0 };
        return this.#emit("closing", message);
    }
    if (!link.welcomed) return;
    this.#settle(message);
    switch (message.type) {
      case "ping":
        return this.#post({ type: "pong" });
      case "expiring":
        this.#emit("expiring", message);
        return void this.#proveAnew();
      case "presence":
      case "presence:delta":
      case "presence:counts":
      case "chat:message":
      case "chat:history":
      case "roster":
        return this.#fold(message);
      case "world:state":
      case "world:joined":
      case "world:left":
      case "world:ghost":
      case "world:returned":
      case "world:moved":
        return this.#inhabit(message);
      case "world:emitted":
        return this.#emit("emitted", message);
      case "authenticated":
        this.#welcome = { ...this.#welcome, user: message.user, anonymous: false };
        return;
      case "ok":
        return;
      case "dm:accepted":
        return;
      case "dm:message":
        return this.#arrive("direct", message);
      case "dm:outcome":
        return this.#arrive("outcome", message);
      case "user":
        return this.#emit("user", message);
      default:
        return this.#emit("message", message);
    }
  }

  #welcomed(link, welcome) {
    const before = this.#welcome?.user?.id;
    const samePerson = before !== undefined && before === welcome.user?.id;
    this.#welcome = welcome;
    this.#resume = welcome.resume ?? this.#resume;
    const saved = this.#save(this.#resume);
    link.welcomed = true;
    link.welcomedAt = link.spokeAt = this.#clock.now();
    this.#clock.clearTimeout(link.timer);
    this.#listenForSilence(link);

    const joined = new Set(welcome.instances ?? []);
    for (const instance of joined) if (!this.#places.has(instance)) this.#postLeave(instance);
    for (const place of this.#places.values()) if (!joined.has(place.instance)) this.#ask(place);
    const entered = new Set(welcome.resumed ? welcome.worlds : []);
    for (const piece of entered) if (!this.#worlds.has(piece)) this.#post({ type: "world:leave", piece });
    for (const world of this.#worlds.values()) {
      if (!entered.has(world.piece) || !world.view.known) this.#enter(world);
      else if (world.walked) this.#step(world); // the last steps may not have come through
    }
    if (link.said.location !== this.#location || link.said.visible !== this.#visible()) this.#postLocation();
    this.#watchAgain();
    for (const request of [...this.#requests.values()]) this.#askAgain(request, welcome.resumed, samePerson);

    // The predecessor of the new token dies with our first frame on this socket: the new one must be safe before that.
    saved.then(() => {
      link.ready = true;
      this.#flush(link);
    });
    this.#become({ state: "online" });
    this.#emit("welcome", welcome);
    this.#arrival.resolve(welcome);
  }

  async #save(token) {
    try {
      await this.#store.save(token);
    } catch (cause) {
      this.#emit(
        "error",
        new PresenceError({ code: "not_stored", message: `The resume token could not be kept: ${cause?.message}` }),
      );
    }
  }

  #listenForSilence(link) {
    const { pingMs = 25_000 } = this.#welcome;
    link.timer = this.#clock.setTimeout(() => {
      const { heardAt, spokeAt } = link;
      const askedAt = Math.min(...[...this.#requests.values()].map((request) => request.askedAt ?? Infinity));
      if (isSilent({ now: this.#clock.now(), heardAt, spokeAt, askedAt, pingMs })) this.#abandon(link);
      else this.#listenForSilence(link);
    }, pingMs);
  }

  #refused(link, message) {
    const error = new PresenceError(message);
    if (!link.welcomed) return void (link.error = error); // a close follows
    if (this.#settle(message, error)) return;
    for (const place of this.#places.values()) {
      if (error.ref !== undefined && place.asked === error.ref) return this.#joinRefused(place, error);
      if (error.ref !== undefined && place.paging === error.ref) return this.#pageRefused(place, error);
    }
    for (const world of this.#worlds.values()) {
      if (error.ref !== undefined && world.asked === error.ref) return this.#enterRefused(world, error);
    }
    // What was to follow a resume cannot be given, or what was given may not be any more: nobody asked for it, so there
    // is no `ref`.
    const place = this.#places.get(error.instance);
    if (place && error.ref === undefined) {
      if (!error.retryable) return this.#joinRefused(place, error);
      return this.#resync(place, { afterMs: error.retryAfterMs ?? backoffMs(0, this.#backoff) });
    }
    this.#emit("error", error);
  }

  /** Ends a link without waiting for the close of a socket that may never come. */
  #abandon(link, code = 1006) {
    silence(link.socket);
    this.#lost(link, code);
  }

  #hangUp() {
    const link = this.#link;
    if (!link) return;
    this.#endLink(link);
    silence(link.socket);
  }

  #endLink(link) {
    this.#link = null;
    this.#outbox = [];
    this.#clock.clearTimeout(link.timer);
    for (const place of this.#places.values()) {
      this.#clock.clearTimeout(place.timer);
      Object.assign(place, { asked: null, paging: null, timer: null, attempt: 0 });
      place.view.forgetDraft();
    }
    for (const world of this.#worlds.values()) {
      this.#clock.clearTimeout(world.timer);
      Object.assign(world, { asked: null, timer: null });
    }
  }

  #lost(link, code) {
    if (this.#link !== link) return;
    this.#endLink(link);
    if (this.#parting && code !== 1000) return this.leaveByBeacon();
    const after = afterClose(code);
    const renewable = typeof this.#auth.token === "function";
    if (after.next === "token") this.#token = null;
    if (after.next === "stop" || (after.next === "token" && !renewable)) return this.#stop(code, after, link.error);

    const now = this.#clock.now();
    if (link.welcomedAt !== null && now - link.welcomedAt >= STABLE_MS) this.#attempt = 0;
    const { closing, error } = link;
    this.#wait(
      reconnectDelayMs({
        attempt: this.#attempt++,
        now,
        closing,
        retryAfterMs: error?.retryAfterMs,
        backoff: this.#backoff,
      }),
      code,
      error,
    );
  }

  #wait(delayMs, code, error = null) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.#open(), delayMs);
    const words = error?.message ?? afterClose(code).words;
    this.#become({
      state: "waiting",
      code,
      words,
      error,
      retryAt: this.#clock.now() + delayMs,
      attempt: this.#attempt,
    });
  }

  #stop(code, { forget, words }, error = null) {
    this.#clock.clearTimeout(this.#timer);
    this.#page?.abort();
    if (forget) {
      this.#resume = null;
      Promise.resolve(this.#store.clear()).catch(() => {});
    }
    this.#become({ state: "stopped", code, words: error?.message ?? words, error });
    const reason = closed(this.#state);
    for (const { reject } of this.#requests.values()) reject(reason);
    this.#requests.clear();
    for (const place of [...this.#places.values()]) if (!place.view.known) this.#forget(place, reason);
    this.#arrival?.reject(reason);
    this.#parting?.resolve();
    this.#parting = null;
  }

  // Instances

  #ask(place, { fresh = false } = {}) {
    const { instance, view } = place;
    const since = (!fresh && view.position) || undefined;
    // What was missed comes in the mode of the view it is to go on from.
    const roster = since ? view.roster : place.roster;
    place.asked = this.#nextRef();
    this.#post({ type: "chat:join", instance, roster, since, ref: place.asked });
  }

  #askPage(place, cursor) {
    place.paging = this.#nextRef();
    place.cursor = cursor;
    this.#post({ type: "roster", instance: place.instance, cursor, limit: PAGE_MEMBERS, ref: place.paging });
  }

  #fold(message) {
    const place = this.#places.get(message.instance);
    // A page that this view did not ask for is an answer to `roster()`.
    if (!place || (message.type === "roster" && message.ref !== place.paging)) return;
    const { verdict, changes, cursor } = place.view.apply(message);
    const answered = place.asked !== null && place.asked === message.ref;
    if (answered || verdict === "applied") place.asked = null;
    if (message.type === "roster") place.paging = null;

    if (verdict === "applied") place.attempt = 0;
    if (verdict === "applied" || verdict === "gap") this.#report(place, message, verdict, changes);
    if (verdict === "partial") this.#askPage(place, cursor);
    if (verdict === "gap") this.#resync(place);
    if (verdict === "conflict") this.#resync(place, { fresh: true });
    if (place.view.known && (answered || verdict === "applied")) place.joined.resolve(place.view);
  }

  #report({ instance, view }, message, verdict, changes) {
    const empty = Object.values(changes).every((list) => list.length === 0);
    if (!empty || verdict === "applied") this.#emit("change", { instance, view, message, changes });
    for (const said of changes.history) this.#emit("chat", { instance, message: said, history: true });
    for (const said of changes.messages) this.#emit("chat", { instance, message: said, history: false });
  }

  /** Joins again from where the view stands: at once the first time, then with back-off and for a fresh snapshot. */
  #resync(place, { fresh = false, afterMs = 0 } = {}) {
    if (place.asked !== null || place.timer !== null) return;
    const attempt = place.attempt++;
    const delayMs = Math.max(afterMs, attempt === 0 ? 0 : backoffMs(attempt, this.#backoff));
    if (delayMs === 0) return this.#ask(place, { fresh });
    this.#later(place, delayMs, () => this.#ask(place, { fresh: fresh || attempt > 0 }));
  }

  #later(place, delayMs, action) {
    place.timer = this.#clock.setTimeout(() => {
      place.timer = null;
      action();
    }, delayMs);
  }

  #joinRefused(place, error) {
    place.asked = null;
    if (place.view.known && error.retryable) return this.#resync(place, { afterMs: error.retryAfterMs });
    const surprise = place.view.known;
    this.#forget(place, error);
    if (surprise) this.#emit("unjoined", { instance: place.instance, error });
  }

  #pageRefused(place, error) {
    const { cursor } = place;
    place.paging = null;
    if (error.code === "conflict" || !error.retryable) {
      place.view.forgetDraft();
      return this.#resync(place, { fresh: true });
    }
    this.#later(place, error.retryAfterMs ?? backoffMs(place.attempt++, this.#backoff), () =>
      this.#askPage(place, cursor),
    );
  }

  #forget(place, error) {
    this.#clock.clearTimeout(place.timer);
    this.#places.delete(place.instance);
    place.joined.reject(error);
  }

  // Worlds

  #enter(world) {
    const { piece, avatar, pos } = world;
    world.asked = this.#nextRef();
    world.walked = false;
    this.#post({ type: "world:join", piece, avatar, pos, ref: world.asked });
  }

  #inhabit(message) {
    const { piece } = message;
    const world = this.#worlds.get(piece);
    if (!world) return;
    if (message.type === "world:left" && (message.id === world.view.self || message.id === "")) {
      return this.#out(world, message.reason);
    }
    if (world.view.apply(message)) this.#emit("world", { piece, view: world.view, message });
    if (message.type === "world:state") {
      Object.assign(world, { asked: null, attempt: 0 });
      world.joined.resolve(world.view);
    }
  }

  /** A ghost that was let go enters again; who was taken over, or not admitted, stays out. */
  #out(world, reason) {
    if (reason === "gone") return this.#enter(world);
    if (reason !== "taken_over" && reason !== "full") return;
    this.#exile(world, new PresenceError({ code: "conflict", message: `Out of the world: ${reason}.` }));
    this.#emit("exiled", { piece: world.piece, reason });
  }

  /** Who was in once comes in again, as soon as it is possible. */
  #enterRefused(world, error) {
    world.asked = null;
    const wasIn = world.view.known;
    if (wasIn && error.retryable) {
      const delayMs = Math.max(error.retryAfterMs ?? 0, backoffMs(world.attempt++, this.#backoff));
      return this.#later(world, delayMs, () => this.#enter(world));
    }
    this.#exile(world, error);
    if (wasIn) this.#emit("exiled", { piece: world.piece, reason: "gone" });
  }

  #exile(world, error) {
    this.#clock.clearTimeout(world.timer);
    this.#worlds.delete(world.piece);
    world.joined.reject(error);
  }

  // Direct messages

  /**
   * Hands over what arrived, each id once however often it is pushed, and says so. What nobody listens for is not taken:
   * the server keeps it for a session that does.
   */
  #arrive(event, message) {
    if (!this.#listeners.get(event)?.size) return;
    const arrival = `${event} ${message.id}`; // who writes to themselves gets both by one id
    if (!this.#arrived.has(arrival)) {
      this.#arrived.add(arrival);
      if (this.#arrived.size > ARRIVALS_MAX) this.#arrived.delete(this.#arrived.values().next().value);
      this.#emit(event, message);
    }
    const pending = this.#outbox.find(({ type, ids }) => type === "dm:ack" && ids.length < ACKNOWLEDGED_MAX);
    if (pending) pending.ids.push(message.id);
    else this.#post({ type: "dm:ack", ids: [message.id] });
  }

  // Outgoing messages

  /** Puts a message into the frame of this tick. Without a connection it is dropped: the next hello says what holds then. */
  #post(message) {
    const link = this.#link;
    if (!link?.welcomed) return;
    this.#outbox.push(message);
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush(link));
  }

  #flush(link) {
    if (this.#link !== link || !link.ready || link.socket.readyState !== 1) return;
    const texts = this.#outbox.map((message) => JSON.stringify(message));
    const frames = packFrames(texts, this.#welcome.limits?.frameBytes);
    this.#outbox = [];
    if (frames.length > 0) link.spokeAt = this.#clock.now();
    for (const frame of frames) link.socket.send(frame);
  }

  #postLocation() {
    const pending = this.#outbox.find(({ type }) => type === "location");
    const now = { type: "location", slug: this.#location, visible: this.#visible() };
    if (pending) Object.assign(pending, now);
    else this.#post(now);
  }

  #visible() {
    if (!this.#followVisibility) return this.#wantsVisible;
    return this.#wantsVisible !== false && globalThis.document?.visibilityState !== "hidden";
  }

  #visibilityChanged() {
    this.#clock.clearTimeout(this.#hiding);
    this.#hiding = this.#clock.setTimeout(() => this.#postLocation(), this.#visible() ? 0 : HIDDEN_MS);
  }

  #repeat(request) {
    request.askedAt = this.#clock.now();
    this.#post(request.message);
  }

  #askAgain(request, resumed, samePerson) {
    const sentBefore = request.askedAt !== null;
    // Idempotent within its session, or from its sender, only: another that says it again might say it twice.
    const repeatable = { "chat:message": resumed, "dm:send": resumed || samePerson }[request.message.type] ?? true;
    if (repeatable || !sentBefore) return this.#repeat(request);
    this.#requests.delete(request.message.ref);
    const { ref, clientMessageId } = request.message;
    const message = "The session ended before the server answered: this may or may not have been said.";
    request.reject(new PresenceError({ code: "outcome_unknown", message, ref, clientMessageId }));
  }

  /** Settles the request that a message answers; a message of ours is also known by its clientMessageId. */
  #settle(message, error) {
    let request = message.ref === undefined ? undefined : this.#requests.get(message.ref);
    const asked = { "chat:message": "chat:message", "dm:accepted": "dm:send" }[message.type];
    if (!request && asked && message.clientMessageId !== undefined) {
      request = [...this.#requests.values()].find(
        (open) => open.message.type === asked && open.message.clientMessageId === message.clientMessageId,
      );
    }
    if (!request) return false;
    this.#requests.delete(request.message.ref);
    if (error) request.reject(error);
    else request.resolve(message);
    return true;
  }

  #watchAgain() {
    const users = (wanted) => [...this.#watched.keys()].filter((user) => this.#watched.get(user) === wanted);
    const [followed, dismissed] = [users(true), users(false)];
    if (followed.length > 0) this.#post({ type: "watch", users: followed });
    if (dismissed.length > 0) this.#post({ type: "unwatch", users: dismissed });
    for (const user of dismissed) this.#watched.delete(user);
  }

  #nextRef() {
    this.#refs += 1;
    return `r${this.#refs}`;
  }

  // The page around us, if there is one

  #followPage() {
    this.#page?.abort();
    this.#page = new AbortController();
    const { signal } = this.#page;
    if (this.#followVisibility)
      globalThis.document?.addEventListener("visibilitychange", () => this.#visibilityChanged(), { signal });
    if (typeof globalThis.addEventListener !== "function") return;
    globalThis.addEventListener("online", () => this.reconnectNow(), { signal });
    if (!this.#leaveOnPageHide) return;
    const depart = () => {
      this.leaveByBeacon();
      // Shown again after it was hidden: the browser had kept the page.
      globalThis.addEventListener("pageshow", () => this.connect(), { once: true });
    };
    globalThis.addEventListener("pagehide", depart, { signal });
  }

  #become(state) {
    this.#state = state;
    this.#emit("state", state);
  }

  #emit(event, value) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(value);
      } catch (cause) {
        console.error(`presence: a listener of "${event}" failed`, cause);
      }
    }
  }
}

function closed({ code, words, error }) {
  return Object.assign(new PresenceError({ code: error?.code ?? "closed", message: words }), { closeCode: code });
}

function silence(socket) {
  if (!socket) return;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => {};
  socket.close();
}

/** A promise to be settled from elsewhere; that nobody waits for it is no error. */
function deferred() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  parts.promise.catch(() => {});
  return parts;
}

function newId() {
  const bytes = new Uint8Array(16);
  if (globalThis.crypto?.getRandomValues) globalThis.crypto.getRandomValues(bytes);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
  return asText(bytes);
}

function asText(signature) {
  if (typeof signature === "string") return signature;
  const bytes = ArrayBuffer.isView(signature) ? signature : new Uint8Array(signature);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function utf8Bytes(text) {
  return new TextEncoder().encode(text).length;
}
