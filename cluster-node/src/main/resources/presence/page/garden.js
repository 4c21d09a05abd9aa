/**
 * The garden: a plain where people are dots with names, and walk. Whoever lost the socket fades, and is gone if it does
 * not come back in time.
 */
import { $, element, paintAvatar, renderList, setText, withClass, write } from "/parts.js";

const PIECE = "garden";
const PLAIN = { x: 1000, y: 640 };

/** From one side to the other in three seconds. */
const PACE = PLAIN.x / 3_000;

/** A tap of a key. */
const TAP = 12;

/** The server tells moves 20 times a second; to say them more often is of no use to anybody. */
const SAY_MS = 50;

/** A pause of the browser is no leap. */
const FRAME_MS_MAX = 50;

const WAVE_MS = 1_600;
const NAMES_SHOWN = 60;

const KEYS = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const OUT = {
  taken_over: "Your avatar is in another window of yours now.",
  full: "The garden is full.",
  gone: "You were away, and cannot come in again.",
};

export class Garden {
  #client = null;
  #people = () => new Map();
  #pos = { x: between(0.25, 0.75) * PLAIN.x, y: between(0.25, 0.75) * PLAIN.y };
  #held = new Set();
  #target = null;
  #frame = null;
  #steppedAt = 0;
  #saidAt = 0;
  #drawing = null;

  /** @param people of the chat by their ids, for their names */
  constructor(people) {
    this.#people = people;
    const plain = $("plain");
    plain.addEventListener("keydown", (event) => this.#press(event));
    plain.addEventListener("keyup", ({ key }) => this.#held.delete(key));
    plain.addEventListener("blur", () => this.#held.clear());
    plain.addEventListener("pointerdown", (event) => this.#point(event));
    plain.addEventListener("pointermove", (event) => event.buttons > 0 && this.#point(event));
    $("wave").addEventListener("click", () => this.#wave());
    $("garden-again").addEventListener("click", () => this.enter(this.#client));
  }

  /** Listens to a client for as long as `current` says that it is the one. */
  follow(client, current) {
    client.on("world", current((change) => this.#onChange(change, client)));
    client.on("exiled", current(({ piece, reason }) => piece === PIECE && this.#out(reason)));
    client.on("emitted", current(({ piece, id, name }) => piece === PIECE && name === "wave" && waves(id)));
    client.on("state", current(() => this.#draw()));
    client.on("change", current(() => this.#draw()));
  }

  enter(client) {
    this.#client = client;
    $("garden-note").hidden = true;
    client.joinWorld(PIECE, {}, this.#place()).catch((error) => {
      if (error.closeCode || error.code === "not_joined" || error.code === "conflict") return;
      this.#out(error.message);
    });
    this.#draw();
  }

  leave() {
    this.#client?.leaveWorld(PIECE);
    this.#client = null;
    this.#rest();
  }

  #onChange({ piece, message }, client) {
    if (piece !== PIECE || client !== this.#client) return;
    // The server may know an older place of ours, from before a reload.
    if (message.type === "world:state") client.move(PIECE, this.#place());
    this.#draw();
  }

  #out(reason) {
    setText("garden-out", OUT[reason] ?? reason);
    $("garden-note").hidden = false;
    this.#rest();
    this.#draw();
  }

  // Walking

  #press(event) {
    if (!KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.repeat) return;
    this.#target = null;
    this.#held.add(event.key);
    this.#go(KEYS[event.key], TAP);
    this.#walk();
  }

  #point(event) {
    if (event.target.closest("button")) return;
    const { left, top, width, height } = $("plain").getBoundingClientRect();
    this.#target = inside({
      x: ((event.clientX - left) / width) * PLAIN.x,
      y: ((event.clientY - top) / height) * PLAIN.y,
    });
    this.#walk();
  }

  #walk() {
    if (this.#frame !== null || !this.#isIn()) return;
    this.#steppedAt = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now) {
    const way = Math.min(FRAME_MS_MAX, Math.max(0, now - this.#steppedAt)) * PACE;
    this.#steppedAt = now;
    if (this.#target) this.#approach(way);
    for (const key of this.#held) this.#go(KEYS[key], way);
    const rests = !this.#target && this.#held.size === 0;
    if (rests || now - this.#saidAt >= SAY_MS) {
      this.#saidAt = now;
      this.#client?.move(PIECE, this.#place());
    }
    this.#drawSelf();
    this.#frame = rests ? null : requestAnimationFrame((then) => this.#step(then));
  }

  #approach(way) {
    const [dx, dy] = [this.#target.x - this.#pos.x, this.#target.y - this.#pos.y];
    const distance = Math.hypot(dx, dy);
    if (distance <= way) {
      this.#pos = this.#target;
      this.#target = null;
    } else {
      this.#go({ x: dx / distance, y: dy / distance }, way);
    }
  }

  #go({ x, y }, way) {
    this.#pos = inside({ x: this.#pos.x + x * way, y: this.#pos.y + y * way });
  }

  #rest() {
    cancelAnimationFrame(this.#frame);
    this.#frame = this.#target = null;
    this.#held.clear();
  }

  #place() {
    return { x: Math.round(this.#pos.x), y: Math.round(this.#pos.y) };
  }

  #wave() {
    if (!this.#isIn()) return;
    this.#client.emit(PIECE, "wave");
    waves(this.#view().self);
  }

  // Rendering

  #view() {
    return this.#client?.world(PIECE);
  }

  #isIn() {
    return this.#view()?.known ?? false;
  }

  #draw() {
    if (this.#client === null) return;
    this.#drawing ??= requestAnimationFrame(() => {
      this.#drawing = null;
      this.#render();
    });
  }

  #render() {
    const view = this.#view();
    const own = view?.known
      ? [{ id: view.self, pos: this.#place(), ghost: this.#client.state.state !== "online", self: true }]
      : [];
    const all = [...own, ...(view?.avatars.values() ?? [])].map((avatar) => this.#named(avatar));
    setText("garden-count", all.length);
    $("garden-empty").hidden = all.length > 0 || !$("garden-note").hidden;
    $("wave").disabled = own.length === 0 || own[0].ghost;
    renderList($("dots"), all, ({ id }) => id, makeDot, updateDot);
    renderList($("garden-people"), all.slice(0, NAMES_SHOWN), ({ id }) => id, makeName, updateName);
  }

  /** Somebody of the chat has the name they have there; nobody has none. */
  #named({ id, handle, pos, ghost, self = false }) {
    const name = this.#people().get(id)?.name ?? handle ?? (self && id.startsWith("@") ? id : "visitor");
    return { id, name, pos, ghost, self };
  }

  #drawSelf() {
    const dot = this.#isIn() && [...$("dots").children].find(({ dataset }) => dataset.self === "true");
    if (dot) stand(dot, this.#place());
  }
}

function makeDot() {
  const dot = element("li", { testid: "dot" });
  dot.append(withClass("span", "hi", "hi!"), withClass("span", "avatar"), withClass("span", "name"));
  return dot;
}

function updateDot(dot, { id, name, pos, ghost, self }) {
  Object.assign(dot.dataset, { id, ghost, self });
  paintAvatar(dot.querySelector(".avatar"), { id, name });
  write(dot.querySelector(".name"), self ? `${name} (you)` : name);
  stand(dot, pos);
}

function stand(dot, pos) {
  const { x, y } = inside(pos);
  Object.assign(dot.dataset, { x: Math.round(x), y: Math.round(y) });
  dot.style.setProperty("--x", (100 * x) / PLAIN.x);
  dot.style.setProperty("--y", (100 * y) / PLAIN.y);
}

function makeName() {
  const item = element("li", { testid: "garden-item" });
  item.append(withClass("span", "avatar"), withClass("span", "name"));
  return item;
}

function updateName(item, { id, name, ghost, self }) {
  Object.assign(item.dataset, { id, ghost });
  paintAvatar(item.querySelector(".avatar"), { id, name });
  write(item.querySelector(".name"), self ? `${name} (you)` : name);
}

function waves(id) {
  const dot = [...$("dots").children].find(({ dataset }) => dataset.id === id);
  if (!dot) return;
  dot.dataset.waves = "true";
  setTimeout(() => delete dot.dataset.waves, WAVE_MS);
}

/** Others may be anywhere; on this plain they stand at its edge then. */
function inside({ x, y }) {
  return { x: Math.min(PLAIN.x, Math.max(0, x)), y: Math.min(PLAIN.y, Math.max(0, y)) };
}

function between(low, high) {
  return low + Math.random() * (high - low);
}
