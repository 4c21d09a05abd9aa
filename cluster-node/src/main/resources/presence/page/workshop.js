/**
 * The workshop: a workspace whose sessions, the works, are looked at by several clients at once. This window is one of
 * them: it is attached as long as it reads the events, and counts where it looks.
 */
import { $, button, element, renderList, setText, withClass, write } from "/parts.js";

const WORKSPACE = "workshop";
const FIRST_WORKS = ["Poster", "Letter", "Song"];
const AGAIN_MS = 3_000;

const STATES = {
  away: ["away", "You are not in the workshop."],
  attaching: ["attaching", "On the way in…"],
  attached: ["attached", "This window is attached: wherever it looks, it counts."],
  lost: ["leased", "Your stream is gone. Where you looked you are leased for a while, then you are nobody."],
  ended: ["away", "Another window of yours went away and took you with it."],
};

export class Workshop {
  #client = clientId();
  #tell;
  #state = "away";
  #why = null;
  #events = null;
  #works = new Map();
  #looking = null;
  #runs = new Map();
  #again = null;

  /** @param tell shows words for the user */
  constructor(tell) {
    this.#tell = tell;
    $("lose-stream").addEventListener("click", () => this.#lose());
    $("attach-again").addEventListener("click", () => this.enter());
    $("new-work").addEventListener("submit", (event) => {
      event.preventDefault();
      const name = $("work-name").value.trim();
      if (name) this.#ask("POST", "/sessions", { name });
      $("work-name").value = "";
    });
  }

  /** Attaches this window, and goes on trying. */
  async enter() {
    this.#hangUp();
    this.#become("attaching");
    try {
      await this.#open();
      if (this.#state === "attaching" && this.#events === null) this.#read();
    } catch (error) {
      if (this.#state === "attaching") this.#later(error.message);
    }
  }

  /** Gives its claim back: no lease, no count. */
  leave() {
    const was = this.#state;
    this.#hangUp();
    this.#become("away");
    this.#looking = null;
    this.#runs.clear();
    if (was !== "away") send("DELETE", this.#path(""), undefined, { keepalive: true }).catch(() => {});
  }

  // The claim and its stream

  async #open() {
    const workspace = await send("POST", `/v1/workspaces?client_id=${this.#client}`, {
      id: WORKSPACE,
      name: "Workshop",
    });
    if (workspace.sessions.length > 0) return;
    for (const name of FIRST_WORKS) await send("POST", this.#path("/sessions"), { id: name.toLowerCase(), name });
  }

  #read() {
    const events = new EventSource(this.#path("/events"));
    this.#events = events;
    const on = (type, listener) =>
      events.addEventListener(type, ({ data }) => {
        if (this.#events !== events) return;
        listener(data && JSON.parse(data));
        this.#render();
      });
    on("open", () => this.#attached());
    on("workspace", ({ sessions }) => {
      this.#works = new Map(sessions.map((work) => [work.id, work]));
      for (const id of [...this.#runs.keys()]) if (!this.#works.get(id)?.is_busy) this.#runs.delete(id);
      if (!this.#works.has(this.#looking)) this.#looking = null;
    });
    on("session", (work) => {
      this.#works.set(work.id, work);
      if (!work.is_busy) this.#runs.delete(work.id);
    });
    on("session_deleted", ({ id }) => {
      this.#works.delete(id);
      this.#runs.delete(id);
      if (this.#looking === id) this.#looking = null;
    });
    on("closed", () => {
      this.#hangUp();
      this.#become("ended");
    });
    on("error", () => {
      this.#become("attaching"); // the browser tries again by itself, but for an answer that is none
      if (events.readyState === EventSource.CLOSED) this.#later();
    });
  }

  #attached() {
    this.#become("attached");
    // After a longer loss the claim is a new one, which looks at nothing.
    if (this.#looking !== null) this.#look(this.#looking);
  }

  #later(why = null) {
    this.#hangUp();
    this.#become("attaching", why);
    this.#again = setTimeout(() => this.enter(), AGAIN_MS);
  }

  #lose() {
    this.#hangUp();
    this.#become("lost");
  }

  #hangUp() {
    clearTimeout(this.#again);
    this.#events?.close();
    this.#events = null;
  }

  // What the user does

  async #look(id) {
    this.#looking = id;
    this.#render();
    await this.#ask("POST", "/current-session", { session_id: id ?? "" });
  }

  async #run(id) {
    const run = await this.#ask("POST", `/sessions/${encodeURIComponent(id)}/runs`);
    if (run) this.#runs.set(id, run.run_id);
    this.#render();
  }

  async #stop(id) {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    await this.#ask("DELETE", `/sessions/${encodeURIComponent(id)}/runs/${run}`);
  }

  async #ask(method, path, body) {
    try {
      return await send(method, this.#path(path), body);
    } catch (error) {
      this.#tell(error.message);
      return null;
    }
  }

  #path(rest) {
    return `/v1/workspaces/${WORKSPACE}${rest}?client_id=${this.#client}`;
  }

  // Rendering

  #become(state, why = null) {
    this.#state = state;
    this.#why = why;
    this.#render();
  }

  #render() {
    const [word, words] = STATES[this.#state];
    const attached = this.#state === "attached";
    $("workshop-state").dataset.state = word;
    setText("workshop-state", word);
    setText("workshop-words", this.#why ?? words);
    $("lose-stream").hidden = !attached;
    $("attach-again").hidden = this.#state !== "lost" && this.#state !== "ended";
    $("workshop").dataset.fresh = String(attached);
    const works = [...this.#works.values()].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
    renderList($("works"), works, ({ id }) => id, () => this.#makeWork(), (item, work) => this.#updateWork(item, work));
  }

  #makeWork() {
    const item = element("li", { testid: "work" });
    const id = () => item.dataset.id;
    const title = withClass("div", "title");
    title.append(element("b"), withClass("span", "chip busy", "busy"));
    const counts = withClass("dl", "counts");
    for (const count of ["attached", "leased"]) {
      const tile = withClass("div", `tile ${count}`);
      tile.append(element("dt", {}, count), element("dd", { testid: count }));
      counts.append(tile);
    }
    const row = withClass("div", "row");
    row.append(
      button("look", "Look at it", () => this.#look(this.#looking === id() ? null : id())),
      button("run", "Work on it", () => (this.#runs.has(id()) ? this.#stop(id()) : this.#run(id()))),
      button("remove", "×", () => this.#ask("DELETE", `/sessions/${encodeURIComponent(id())}`)),
    );
    item.append(title, counts, row);
    return item;
  }

  #updateWork(item, { id, name, is_busy, attached_clients, leased_clients }) {
    const looks = this.#looking === id;
    const shown = name ?? id;
    Object.assign(item.dataset, { id, name: shown, looks, busy: is_busy });
    write(item.querySelector("b"), shown);
    item.querySelector(".busy").hidden = !is_busy;
    const counts = { attached: attached_clients, leased: leased_clients };
    for (const [count, number] of Object.entries(counts)) {
      write(item.querySelector(`.${count} dd`), number);
      item.querySelector(`.${count}`).dataset.any = String(number > 0);
    }
    const [look, run, remove] = item.querySelectorAll("button");
    look.setAttribute("aria-pressed", String(looks));
    look.disabled = run.disabled = this.#state !== "attached";
    look.setAttribute("aria-label", `Look at ${shown}`);
    write(run, this.#runs.has(id) ? "Stop" : "Work on it");
    run.setAttribute("aria-label", `${this.#runs.has(id) ? "Stop working" : "Work"} on ${shown}`);
    remove.setAttribute("aria-label", `Remove ${shown}`);
  }
}

async function send(method, path, body, { keepalive = false } = {}) {
  const answer = await fetch(path, {
    method,
    keepalive,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.message ?? `The server answered ${answer.status}.`);
  return said;
}

/** This window's UUID; a reload keeps it, and with it the claim. */
function clientId() {
  const key = "presence:window";
  const made = newUuid();
  try {
    const kept = sessionStorage.getItem(key);
    if (!kept) sessionStorage.setItem(key, made);
    return kept ?? made;
  } catch {
    return made; // it then lasts as long as the page
  }
}

/** `crypto.randomUUID` is for secure pages only. */
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
