/** Types of `presence-client.js`, the JavaScript client of `presence.v1`. */

export const PROTOCOL: "presence.v1";
/** The server closes a socket that sends a larger text frame. */
export const FRAME_BYTES_MAX: number;
/** Chat messages a view keeps. */
export const HISTORY_MAX: number;

export interface CloseRule {
  /** "token" is "retry" after fetching a new token. */
  readonly next: "retry" | "token" | "stop";
  /** The resume token is of no more use. */
  readonly forget: boolean;
  /** For people. */
  readonly words: string;
}

export const CLOSE_CODES: Readonly<Record<number, CloseRule>>;
export function afterClose(code: number): CloseRule;

export interface Backoff {
  baseMs?: number;
  maxMs?: number;
  random?: () => number;
}

export function backoffMs(attempt: number, backoff?: Backoff): number;
export function reconnectDelayMs(loss: {
  attempt: number;
  now: number;
  closing?: { at: number; reconnectAfterMs: number } | null;
  retryAfterMs?: number;
  backoff?: Backoff;
}): number;
export function isSilent(times: {
  now: number;
  heardAt: number;
  spokeAt: number;
  askedAt?: number;
  pingMs: number;
}): boolean;
export function packFrames(messages: Iterable<string>, bytesMax?: number): string[];
export function challengeText(publicKey: string, nonce: string): string;
export function endpoints(url: string | URL): { socket: string; leave: string };

export class PresenceError extends Error {
  constructor(error: {
    code: string;
    message?: string;
    ref?: string;
    retryable?: boolean;
    retryAfterMs?: number;
    instance?: string;
    clientMessageId?: string;
  });
  /**
   * A code of the protocol, or one of this client: `closed` (it stopped), `outcome_unknown` (the session ended before the
   * answer), `too_long`, `bad_json`, `not_stored`, `not_joined`.
   */
  readonly code: string;
  readonly ref?: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly instance?: string;
  readonly clientMessageId?: string;
  /** Set when the client stopped. */
  readonly closeCode?: number;
}

/** A person once, however many sessions. */
export interface Member {
  id: string;
  handle?: string;
  name?: string;
}

export interface Counts {
  people: number;
  here: number;
  sessions: number;
  anonymous: number;
}

export interface ChatMessage {
  id: string;
  from: Member;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  epoch?: number;
  seq?: number;
  clientMessageId?: string;
}

/** Somebody wrote to this person or session. */
export interface DirectMessage {
  id: string;
  /** An anonymous sender has the id of their session and no handle. */
  from: Member;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Whether it was pushed before, here or to another session. */
  redelivered: boolean;
}

export interface Position {
  epoch: number;
  seq: number;
}

/** Any message of the server. */
export interface ServerMessage {
  type: string;
  ref?: string;
  [field: string]: unknown;
}

/** The effect of a message on a view. */
export interface Changes {
  joined: Member[];
  left: Member[];
  here: string[];
  away: string[];
  renamed: { before: Member; member: Member }[];
  messages: ChatMessage[];
  history: ChatMessage[];
}

export type Verdict = "applied" | "stale" | "partial" | "held" | "gap" | "conflict" | "ignored";

/** One instance as this client knows it: an exact cut of its stream at (epoch, seq). */
export class InstanceView {
  constructor(instance: string);
  readonly instance: string;
  readonly epoch: number | null;
  readonly seq: number | null;
  /** Which kind of stream: in "counts" nobody is listed. */
  readonly roster: "full" | "counts";
  readonly members: ReadonlyMap<string, Member>;
  readonly here: ReadonlySet<string>;
  readonly counts: Counts;
  /** In the order of the stream, the oldest first. */
  readonly messages: readonly ChatMessage[];
  get known(): boolean;
  get position(): Position | null;
  apply(message: ServerMessage): { verdict: Verdict; changes: Changes; cursor?: string };
  forgetDraft(): void;
  toJSON(): {
    instance: string;
    epoch: number | null;
    seq: number | null;
    roster: "full" | "counts";
    online: Member[];
    here: string[];
    counts: Counts;
    messages: ChatMessage[];
  };
}

export interface Spot {
  x: number;
  y: number;
  z?: number;
}

export interface Avatar {
  id: string;
  handle?: string;
  /** As its client said. */
  avatar: Record<string, unknown>;
  pos: Spot;
  /** Its client has lost its socket. */
  ghost: boolean;
}

/** One world as this client knows it now. */
export class WorldView {
  constructor(piece: string);
  readonly piece: string;
  /** The id of the client's own avatar. */
  readonly self: string | null;
  /** The others, by id. */
  readonly avatars: ReadonlyMap<string, Avatar>;
  get known(): boolean;
  apply(message: ServerMessage): boolean;
}

/** Where the resume token is kept. The client waits for `save` before it lets the predecessor of a token die. */
export interface TokenStore {
  load(): string | null | Promise<string | null>;
  save(token: string): void | Promise<void>;
  clear(): void | Promise<void>;
}

/** Keeps the token as long as the object lives. */
export function memoryStore(): TokenStore;

/** Keeps the token in this tab; a duplicated tab gets a session of its own. One key per identity. */
export function tabStore(
  key?: string,
  environment?: {
    storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
    /** Null: as if the browser had no Web Locks. */
    locks?: Pick<LockManager, "request"> | null;
    page?: Pick<EventTarget, "addEventListener">;
    /** How long a reload waits for the lock of the page before it. */
    patienceMs?: number;
  },
): TokenStore;

/** What this client is: by token, by key, or nobody. */
export interface Auth {
  /** A function is asked again after close 4402; throw a `PresenceError` with `retryable: false` to stop the client. */
  token?: string | (() => string | Promise<string>);
  key?: {
    /** Ed25519, hex. */
    publicKey: string;
    /** Signs the UTF-8 text; bytes are sent as hex. */
    sign(text: string): string | BufferSource | Promise<string | BufferSource>;
    attestation?: { parentKey: string; expiresAt: number; signature: string };
  };
}

export interface Clock {
  now(): number;
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface Options {
  /** The server, or its socket; default: where the page came from. */
  url?: string | URL;
  auth?: Auth;
  /** The WebSocket class; default: the browser's. */
  webSocket?: new (url: string, protocols: string[]) => unknown;
  /** Default: `tabStore()` in a browser, else `memoryStore()`. */
  store?: TokenStore;
  location?: string | null;
  visible?: boolean;
  /** The session is visible only while the tab is in the foreground. */
  followVisibility?: boolean;
  /** Leave at once when the page goes, a reload included; default: the session keeps its lease. */
  leaveOnPageHide?: boolean;
  displayName?: string | null;
  device?: string;
  backoff?: Omit<Backoff, "random">;
  clock?: Clock;
  random?: () => number;
}

export interface Welcome {
  type: "welcome";
  session: string;
  user?: Member;
  anonymous: boolean;
  /** Of the connection: how often this session attached. */
  epoch: number;
  resumed: boolean;
  resume: string;
  graceMs: number;
  pingMs: number;
  limits?: Record<string, number>;
  udp?: { host: string; port: number; ticket: string };
  instances: string[];
  worlds?: string[];
}

export interface State {
  state: "idle" | "connecting" | "online" | "waiting" | "stopped";
  /** Close code, when waiting or stopped. */
  code?: number;
  /** Why, for people. */
  words?: string;
  error?: Error | null;
  /** When waiting: the time of the next attempt, by the client's clock. */
  retryAt?: number;
  attempt?: number;
}

export interface Events {
  state: State;
  welcome: Welcome;
  change: { instance: string; view: InstanceView; message: ServerMessage; changes: Changes };
  chat: { instance: string; message: ChatMessage; history: boolean };
  /** Once for each, in order per sender; what no listener hears is not acknowledged and comes again. */
  direct: DirectMessage;
  /** What became of a direct message of this person or session. */
  outcome: { id: string; outcome: "delivered" | "expired" };
  user: {
    type: "user";
    user: Member;
    online: boolean;
    here: string[];
    location?: string | null;
    lastSeen?: number;
  };
  world: { piece: string; view: WorldView; message: ServerMessage };
  /** Somebody in a world told the others something. */
  emitted: { type: "world:emitted"; piece: string; id: string; name: string; data?: unknown };
  /** Out of a world against the client's will. */
  exiled: { piece: string; reason: "taken_over" | "full" };
  unjoined: { instance: string; error: PresenceError };
  expiring: { type: "expiring"; at: number; inMs: number };
  closing: { type: "closing"; code: number; reason: string; reconnectAfterMs: number };
  error: PresenceError;
  message: ServerMessage;
}

/** A session with a presence server, over any number of sockets. */
export class PresenceClient {
  constructor(options?: Options);
  get state(): State;
  get welcome(): Welcome | null;
  view(instance: string): InstanceView | undefined;
  on<E extends keyof Events>(event: E, listener: (value: Events[E]) => void): () => void;
  connect(): Promise<Welcome>;
  reconnectNow(): void;
  drop(forMs?: number): void;
  disconnect(): void;
  bye(): Promise<void>;
  leaveByBeacon(): void;
  join(instance: string, options?: { roster?: "full" | "counts" }): Promise<InstanceView>;
  leave(instance: string): void;
  world(piece: string): WorldView | undefined;
  joinWorld(piece: string, avatar: Record<string, unknown>, pos: Spot): Promise<WorldView>;
  leaveWorld(piece: string): void;
  move(piece: string, pos: Spot): void;
  emit(piece: string, name: string, data?: unknown): void;
  send(instance: string, text: string, options?: { clientMessageId?: string }): Promise<ChatMessage>;
  sendTo(
    to: string,
    text: string,
    options?: { clientMessageId?: string },
  ): Promise<{ id: string; clientMessageId: string }>;
  roster(instance: string, page?: { cursor?: string; limit?: number }): Promise<ServerMessage>;
  authenticate(token: string | (() => string | Promise<string>)): Promise<ServerMessage>;
  setLocation(slug: string | null): void;
  setVisible(visible: boolean): void;
  rename(displayName: string | null): void;
  watch(users: string[]): void;
  unwatch(users: string[]): void;
  request(message: { type: string; [field: string]: unknown }): Promise<ServerMessage>;
}
