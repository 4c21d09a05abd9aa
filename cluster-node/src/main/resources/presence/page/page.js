/**
 * The page at `/`: a chat in the lobby, a world in the garden, a workspace in the workshop, the people who are there, and
 * the means to see what a lost connection does (nothing).
 */
import { PresenceClient, PresenceError, tabStore } from "/client.js";
import { Garden } from "/garden.js";
import { $, bareName, button, element, paintAvatar, renderList, setText, shownName, withClass, write } from "/parts.js";
import { Workshop } from "/workshop.js";

const INSTANCE = "chat-lobby";
const HOME = "lobby";
const PIECES = ["lobby", "garden", "workshop"];
const NAMES_SHOWN = 200;
const LOG_ENTRIES = 300;
const DIRECTS_SHOWN = 200;
const SAME_BREATH_MS = 5 * 60_000;

const url = new URL(location.href);

/**
 * What the page knows besides the client: who we are, where we look, what was not answered yet; the direct messages of
 * this page's life, and the one person we write to, if it is not everybody.
 */
const page = {
  client: null,
  handle: handleOf(url.searchParams.get("as")),
  piece: PIECES.includes(url.searchParams.get("at")) ? url.searchParams.get("at") : HOME,
  background: false,
  unanswered: [],
  directs: [],
  outcomes: new Map(),
  addressee: null,
  lostAt: null,
};

const garden = new Garden(() => page.client.view(INSTANCE)?.members ?? new Map());
const workshop = new Workshop(tell);

function handleOf(text) {
  const bare = (text ?? "").trim().replace(/^@+/, "");
  return bare ? `@${bare}` : null;
}

// The session

function start(token) {
  const { handle } = page;
  const given = { token };
  const fetchToken = async () => {
    const first = given.token;
    given.token = null;
    return first ?? developmentToken(handle);
  };
  const client = new PresenceClient({
    auth: handle ? { token: fetchToken } : {},
    store: tabStore(`presence:${handle ?? "anonymous"}`),
    followVisibility: true,
    visible: !page.background,
    location: page.piece,
    displayName: nameKept(),
    device: "web",
  });
  Object.assign(page, { client, unanswered: [], directs: [], addressee: null, lostAt: null });
  globalThis.presence = client; // to play with in the console
  const isCurrent = (listener) => (value) => page.client === client && listener(value);
  const current = (listener) => isCurrent((value) => (listener(value), soon()));
  client.on("state", current(noteState));
  client.on("welcome", current(noteWelcome));
  client.on("change", current(noteChange));
  client.on("direct", current(noteDirect));
  client.on("outcome", current(noteOutcome));
  client.on(
    "error",
    current((error) => error.code !== "resume_expired" && tell(wordsFor(error))),
  ); // the log tells that
  client.on(
    "unjoined",
    current(({ error }) => tell(wordsFor(error))),
  );
  garden.follow(client, isCurrent);
  client.connect();
  client.join(INSTANCE).catch((error) => error.closeCode || current(() => tell(wordsFor(error)))());
  if (page.piece === "garden") garden.enter(client);
  if (page.piece === "workshop") workshop.enter();
  keepInAddress();
  soon();
}

/** Ends the session we have, and starts one as somebody else, or as nobody. */
async function become(handle) {
  if (handle === page.handle && page.client.state.state !== "stopped") return;
  const token = handle ? await developmentToken(handle) : undefined;
  const before = page.client;
  page.handle = handle;
  start(token);
  before.bye();
}

async function developmentToken(handle) {
  const answer = await fetch("/dev/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ handle }),
  });
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body.token;
  const message =
    answer.status === 404
      ? "This server gives out no development names."
      : (body.message ?? `The server answered ${answer.status}.`);
  throw new PresenceError({
    code: body.code ?? "forbidden",
    message,
    retryable: answer.status >= 500 || answer.status === 429,
  });
}

function nameKept() {
  try {
    return (page.handle && localStorage.getItem(`presence:name:${page.handle}`)) || undefined;
  } catch {
    return undefined;
  }
}

function keepName(name) {
  try {
    localStorage.setItem(`presence:name:${page.handle}`, name);
  } catch {
    // The name then lasts as long as the page.
  }
}

function keepInAddress() {
  const set = (key, value) => (value ? url.searchParams.set(key, value) : url.searchParams.delete(key));
  set("as", page.handle?.slice(1));
  set("at", page.piece === HOME ? null : page.piece);
  history.replaceState(null, "", url);
}

// What happened, as log entries

function noteState({ state, words }) {
  if (state === "waiting" || state === "stopped") {
    if (page.lostAt === null) log("you", null, state === "stopped" ? words : "Your socket is gone.");
    page.lostAt ??= performance.now();
  }
}

function noteWelcome({ resumed, epoch }) {
  if (page.lostAt === null) {
    log(
      "you",
      null,
      resumed ? `This tab is back in its session (socket no. ${epoch}).` : "You have a session of your own.",
    );
  } else {
    const away = duration(performance.now() - page.lostAt);
    log(
      "you",
      null,
      resumed
        ? `Back after ${away} in the same session: the others saw nothing.`
        : `Back after ${away}, in a new session.`,
    );
  }
  page.lostAt = null;
}

function noteChange({ view, message, changes }) {
  const { seq } = message;
  if (message.type === "presence" || message.type === "roster") {
    log("snapshot", seq, `Snapshot: ${view.counts.people} online, ${view.counts.here} here.`);
  }
  const person = (id) => shownName(view.members.get(id) ?? { id });
  for (const member of changes.left) log("left", seq, `${shownName(member)} left.`, member.id);
  for (const member of changes.joined) log("joined", seq, `${shownName(member)} is online.`, member.id);
  for (const { before, member } of changes.renamed)
    log("renamed", seq, `${shownName(before)} is now ${shownName(member)}.`, member.id);
  for (const id of changes.here) log("here", seq, `${person(id)} is here.`, id);
  for (const id of changes.away) log("away", seq, `${person(id)} looks elsewhere.`, id);
  for (const said of changes.messages) log("message", said.seq, `${person(said.from.id)} wrote.`, said.from.id);
  const silent = Object.values(changes).every((list) => list.length === 0);
  if (silent && message.type === "presence:delta")
    log("counts", seq, `${tabs(view.counts.sessions)}, ${view.counts.anonymous} anonymous.`);
}

function noteDirect({ id, from, text, at }) {
  page.directs = [...page.directs, { key: id, from, text, at, direct: true }].slice(-DIRECTS_SHOWN);
  log("direct", null, `${shownName(from)} wrote to you.`, from.id);
}

function noteOutcome({ id, outcome }) {
  const sent = page.directs.find((direct) => direct.id === id);
  if (sent) sent.state = outcome;
  else page.outcomes.set(id, outcome); // overtook the acceptance, or belongs to another tab
  const whose = sent ? `Your message to ${shownName(sent.to)}` : "A message of yours";
  log("direct", null, outcome === "delivered" ? `${whose} was delivered.` : `${whose} found nobody in time.`);
}

function log(kind, seq, what, who) {
  const entry = element("li", { testid: "log-entry", kind, seq: seq ?? "", who: who ?? "" });
  const now = new Date();
  const time = element(
    "time",
    {},
    now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  );
  time.dateTime = now.toISOString();
  entry.append(withClass("span", "at", seq ? `#${seq}` : "·"), withClass("span", "what", what), time);
  $("log").prepend(entry);
  while ($("log").children.length > LOG_ENTRIES) $("log").lastElementChild.remove();
}

// Rendering: the page is made to agree with the client, soon after anything changed

let rendering = null;
let counting = null;

function soon() {
  rendering ??= setTimeout(() => {
    rendering = null;
    render();
  }, 16);
}

function render() {
  const view = page.client.view(INSTANCE);
  document.body.dataset.who = page.handle ? "person" : "nobody";
  document.body.dataset.live = String(page.client.state.state !== "stopped");
  renderConnection();
  renderSelf(view);
  renderPlaces(view);
  renderPeople(view);
  renderMessages(view);
  renderAddressee();
  renderStream(view);
}

function renderConnection() {
  const { state, words = "", code, retryAt, attempt, error } = page.client.state;
  const said = {
    idle: "Starting…",
    connecting: attempt > 0 || page.lostAt !== null ? "Reconnecting…" : "Connecting…",
    online: "Connected",
    waiting: "Away, coming back",
    stopped: code === 1000 ? "Left" : "Disconnected",
  };
  $("connection").dataset.state = state;
  $("connection").title = words;
  setText("connection-words", said[state]);
  const seconds = state === "waiting" ? Math.ceil((retryAt - Date.now()) / 1000) : 0;
  setText("connection-countdown", seconds > 0 ? `in ${seconds} s` : "");
  $("reconnect").hidden = seconds <= 1;
  clearTimeout(counting);
  if (state === "waiting") counting = setTimeout(soon, 250);

  $("stopped").hidden = state !== "stopped";
  setText("stopped-words", error ? wordsFor(error) : words);
  setText("come-back", code === 4409 ? "Start a session here" : "Come back");
  $("come-anonymous").hidden = !(page.handle && error);
  for (const id of ["drop", "drop-long", "background", "leave", "message"]) $(id).disabled = state === "stopped";
  $("drop").disabled ||= state === "waiting";
}

function renderSelf(view) {
  const me = view?.members.get(page.client.welcome?.user?.id) ?? {
    id: page.handle ?? "",
    handle: page.handle ?? undefined,
    name: nameKept(),
  };
  setText("me-name", page.handle ? shownName(me) : "Anonymous");
  paintAvatar($("me-avatar"), page.handle ? me : { id: "" });
  const others = ["bob", "ann", "cleo", "dan"].filter((name) => `@${name}` !== page.handle?.toLowerCase());
  const other = others.find((name) => !view?.members.has(`@${name}`)) ?? others[0];
  const at = page.piece === HOME ? "" : `at=${page.piece}`;
  $("as-other").href = `/?as=${other}${at && `&${at}`}`;
  setText("as-other", `as @${other}`);
  const same = page.handle ? `as=${encodeURIComponent(page.handle.slice(1))}` : "";
  $("as-me").href = `/?${[same, at].filter(Boolean).join("&")}`;
  setText("as-me", page.handle ? "as you once more" : "as nobody");
}

function renderPlaces(view) {
  for (const piece of document.querySelectorAll("[data-piece]")) {
    piece.setAttribute("aria-pressed", String(piece.dataset.piece === page.piece));
  }
  for (const stage of document.querySelectorAll("[data-stage]")) {
    stage.hidden = stage.dataset.stage !== page.piece;
    if (!stage.hidden && $("stopped").parentElement !== stage) stage.querySelector("header").after($("stopped"));
  }
  setText("tab-place", STAGES[page.piece]);
  for (const words of document.querySelectorAll("[data-when]"))
    words.hidden = (words.dataset.when === "garden") !== (page.piece === "garden");
  $("background").setAttribute("aria-pressed", String(page.background));
  const here = view?.here.has(page.client.welcome?.user?.id);
  const part = !page.handle
    ? `${page.piece === HOME ? "you read along, and" : "you"} are in nobody's list`
    : here
      ? "the others see you as here"
      : "the others see you online, but not here";
  const where =
    page.piece !== HOME
      ? `You are in the ${page.piece}`
      : page.background
        ? "Your tab is in the background"
        : "You are in the lobby";
  setText("whereabouts", page.client.state.state === "stopped" ? "You are not in the chat." : `${where}: ${part}.`);
}

const STAGES = { lobby: "Chat", garden: "Garden", workshop: "Workshop" };

function renderPeople(view) {
  const { people = 0, here = 0, anonymous = 0, sessions = 0 } = view?.counts ?? {};
  const order = (a, b) => view.here.has(b.id) - view.here.has(a.id) || bareName(a).localeCompare(bareName(b));
  const online = [...(view?.members.values() ?? [])].sort(order);
  const present = online.filter(({ id }) => view.here.has(id));
  setText("online-count", people);
  setText("here-count", here);
  setText("tab-people-count", people || "");
  renderList(
    $("online"),
    online.slice(0, NAMES_SHOWN),
    ({ id }) => id,
    makePerson,
    (item, member) => updatePerson(item, member, view),
  );
  renderList($("here"), present.slice(0, NAMES_SHOWN), ({ id }) => id, makeHere, updateName);
  $("here-empty").hidden = here > 0;
  $("online-more").hidden = people <= Math.min(online.length, NAMES_SHOWN);
  setText("online-more", `and ${(people - Math.min(online.length, NAMES_SHOWN)).toLocaleString()} more`);
  setText("anonymous-count", anonymous);
  setText("anonymous-word", anonymous === 1 ? "anonymous visitor" : "anonymous visitors");
  const named = sessions - anonymous;
  setText(
    "session-count",
    `${people} ${people === 1 ? "person" : "people"} in ${tabs(named)}: several tabs are one person.`,
  );
  document.title = view ? `${here} here, ${people} online · Presence` : "Presence";
}

function makePerson() {
  const item = element("li", { testid: "online-item" });
  const who = withClass("span", "who");
  who.append(withClass("span", "name"), element("small"));
  item.append(withClass("span", "avatar"), who, button("write-to", "Write"), withClass("span", "chip"));
  return item;
}

function updatePerson(item, member, view) {
  updateName(item, member);
  item.dataset.here = view.here.has(member.id);
  const mine = member.id === page.client.welcome?.user?.id ? "you" : "";
  write(item.querySelector("small"), [member.name ? member.handle : "", mine].filter(Boolean).join(" · "));
  const direct = item.querySelector("button");
  direct.hidden = !page.handle || mine !== "";
  direct.setAttribute("aria-label", `Write to ${shownName(member)} alone`);
  direct.onclick = () => writeTo(member);
  write(item.querySelector(".chip"), view.here.has(member.id) ? "here" : "elsewhere");
}

function makeHere() {
  const item = element("li", { testid: "here-item" });
  item.append(withClass("span", "avatar"), withClass("span", "name"));
  return item;
}

function updateName(item, member) {
  item.dataset.id = member.id;
  paintAvatar(item.querySelector(".avatar"), member);
  write(item.querySelector(".name"), shownName(member));
}

function renderMessages(view) {
  const list = $("messages");
  const followed = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const me = { id: page.client.welcome?.user?.id ?? page.handle, handle: page.handle };
  const said = view?.messages ?? [];
  const open = page.unanswered.filter(({ key }) => !said.some(({ clientMessageId }) => clientMessageId === key));
  const items = [
    ...said.map((message) => ({ ...message, key: message.id })),
    ...open.map((message) => ({ ...message, from: me })),
  ];
  for (const direct of page.directs) {
    const later = items.findIndex(({ at, direct: other }) => !other && new Date(at) > direct.at);
    items.splice(later < 0 ? items.length : later, 0, { ...direct, from: direct.from ?? me });
  }
  items.forEach((item, i) => {
    const before = items[i - 1];
    const together = before?.from.id === item.from.id && before.direct === item.direct && before.to?.id === item.to?.id;
    item.continued = together && new Date(item.at) - new Date(before.at) < SAME_BREATH_MS;
  });
  list.querySelector(".quiet")?.remove();
  renderList(
    list,
    items,
    ({ key }) => key,
    makeMessage,
    (item, message) => updateMessage(item, message, view),
  );
  if (items.length === 0) list.append(withClass("li", "quiet", "Nothing was said yet."));
  if (followed) list.scrollTop = list.scrollHeight;
}

function makeMessage() {
  const item = element("li", { testid: "message" });
  const body = withClass("div", "body");
  const byline = withClass("p", "byline");
  byline.append(withClass("b", "name"), withClass("span", "chip"), element("time"));
  body.append(byline, withClass("p", "text"), withClass("p", "fate"));
  item.append(withClass("span", "avatar"), body);
  item.querySelector(".avatar").setAttribute("aria-hidden", "true");
  return item;
}

function updateMessage(item, message, view) {
  const { from, text, at, state = "said", key, continued, direct = false, to } = message;
  const author = view?.members.get(from.id) ?? from;
  item.classList.toggle("continued", continued);
  Object.assign(item.dataset, { state, direct, id: key, from: from.handle ?? from.id });
  const chip = item.querySelector(".chip");
  chip.hidden = !direct;
  write(chip, to ? `to ${shownName(to)} alone` : "to you alone");
  updateAuthor(item, author, at);
  write(item.querySelector(".text"), text);
  updateFate(item.querySelector(".fate"), message, state);
}

/** What became of a message, and what can be done about it. */
function updateFate(fate, { from, text, key, error, direct, to }, state) {
  const answerable = direct && !to && page.handle && from.handle;
  fate.hidden = state === "said" && !answerable;
  const offer = (words, testid, name, action) => {
    if (fate.querySelector(`[data-testid=${testid}]`)) return;
    fate.replaceChildren(words && `${words} `, button(testid, name, action));
  };
  if (state === "failed") offer(wordsFor(error), "retry", "Try again", () => (to ? sendTo(to, text, key) : say(text, key)));
  else if (answerable) offer("", "answer", "Answer", () => writeTo(from));
  else if (state === "sending")
    write(fate, page.client.state.state === "online" ? "sending…" : "waits for the connection…");
  else if (to) write(fate, FATES[state]);
}

const FATES = {
  accepted: "accepted, not delivered yet",
  delivered: "delivered",
  expired: "nobody came for it in time",
};

function renderAddressee() {
  const { addressee } = page;
  $("addressee").hidden = !addressee;
  setText("addressee-name", addressee ? shownName(addressee) : "");
  $("message").placeholder = addressee ? `Write to ${shownName(addressee)}` : "Write a message";
}

function updateAuthor(item, author, at) {
  paintAvatar(item.querySelector(".avatar"), author);
  write(item.querySelector(".name"), shownName(author));
  const time = item.querySelector("time");
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return;
  time.dateTime = when.toISOString();
  write(time, when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
}

function renderStream(view) {
  const { welcome } = page.client;
  setText("seq", view?.seq ?? "–");
  setText("stream-epoch", view?.epoch ?? "–");
  setText("session-id", welcome ? welcome.session.slice(0, 8) : "–");
  $("session-id").title = welcome?.session ?? "";
  setText("session-epoch", welcome?.epoch ?? "–");
  setText("resumed", welcome ? (welcome.resumed ? "yes" : "no") : "–");
  if (welcome) setText("grace", `${Math.round(welcome.graceMs / 1000)} s`);
}

// Words

const WORDS = {
  rate_limited: ({ retryAfterMs = 1000 }) =>
    `That was too fast. The server takes the next one in ${duration(retryAfterMs)}.`,
  too_long: () => "That is too long: a message has at most 2,000 characters.",
  unauthenticated: () => "Only people with a name can write here. Pick one first.",
  instance_full: () => "The room is full.",
  unknown_recipient: () => "There is nobody of that name here.",
  mailbox_full: () => "Their mailbox is full.",
  muted: ({ retryAfterMs }) => `You may not write here${retryAfterMs ? ` for another ${longer(retryAfterMs)}` : ""}.`,
  filtered: ({ message }) => `That was not said: ${message}.`,
  unavailable: () => "The server is busy moving this room. Try again in a moment.",
};

function wordsFor(error) {
  return WORDS[error.code]?.(error) ?? error.message;
}

function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function longer(ms) {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes <= 90) return minutes === 1 ? "minute" : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours <= 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

function tabs(n) {
  return n === 1 ? "1 tab" : `${n.toLocaleString()} tabs`;
}

function tell(words) {
  setText("notice-words", words);
  $("notice").hidden = false;
}

// What the user does

async function say(text, key = newKey()) {
  const open = { key, text, at: Date.now(), state: "sending" };
  page.unanswered = [...page.unanswered.filter((other) => other.key !== key), open];
  soon();
  try {
    await page.client.send(INSTANCE, text, { clientMessageId: key });
    page.unanswered = page.unanswered.filter((other) => other !== open);
  } catch (error) {
    Object.assign(open, { state: "failed", error });
  }
  soon();
}

/** From now on to this person alone; to everybody again without one. */
function writeTo(member) {
  page.addressee = member;
  if (member) show("chat");
  render();
  $("message").focus();
}

async function sendTo(to, text, key = newKey()) {
  const sent = { key, to, text, at: Date.now(), state: "sending", direct: true };
  page.directs = [...page.directs.filter((other) => other.key !== key), sent].slice(-DIRECTS_SHOWN);
  soon();
  try {
    const { id } = await page.client.sendTo(to.id, text, { clientMessageId: key });
    Object.assign(sent, { id, state: page.outcomes.get(id) ?? "accepted" });
  } catch (error) {
    Object.assign(sent, { state: "failed", error });
  }
  soon();
}

function newKey() {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

function visit(piece) {
  if (piece === page.piece) return;
  if (page.piece === "garden") garden.leave();
  if (page.piece === "workshop") workshop.leave();
  page.piece = piece;
  page.client.setLocation(piece);
  if (piece === "garden") garden.enter(page.client);
  if (piece === "workshop") workshop.enter();
  keepInAddress();
  soon();
}

/** Which part a narrow screen shows. */
function show(tab) {
  document.body.dataset.tab = tab;
  for (const part of document.querySelectorAll("[data-show]"))
    part.setAttribute("aria-pressed", String(part.dataset.show === tab));
}

function onSignIn(event) {
  event.preventDefault();
  const input = event.target.elements.handle;
  become(handleOf(input.value)).then(
    () => {
      input.value = "";
      $("who").close();
      render();
      $("message").focus();
    },
    (error) => tell(wordsFor(error)),
  );
}

function grow() {
  $("message").rows = Math.min(5, $("message").value.split("\n").length);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("message").value.trim();
  if (!text) return;
  if (page.addressee) sendTo(page.addressee, text);
  else say(text);
  $("message").value = "";
  grow();
});
$("message").addEventListener("input", grow);
$("message").addEventListener("keydown", (event) => {
  if (event.key === "Escape" && page.addressee) writeTo(null);
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("composer").requestSubmit();
});
$("everybody").addEventListener("click", () => writeTo(null));
$("entrance").addEventListener("submit", onSignIn);
$("switch").addEventListener("submit", onSignIn);
$("rename").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = $("display-name").value.trim();
  keepName(name);
  page.client.rename(name || null);
  $("who").close();
});
$("me").addEventListener("click", () => {
  $("display-name").value = nameKept() ?? "";
  $("who").showModal();
});
$("who-close").addEventListener("click", () => $("who").close());
$("anonymous").addEventListener("click", () => become(null).then(() => $("who").close()));
$("come-anonymous").addEventListener("click", () => become(null));
$("come-back").addEventListener("click", () => {
  page.client.connect();
  page.client.join(INSTANCE).catch((error) => error.closeCode || tell(wordsFor(error)));
  if (page.piece === "garden") garden.enter(page.client);
});
$("reconnect").addEventListener("click", () => page.client.reconnectNow());
$("drop").addEventListener("click", () => page.client.drop());
$("drop-long").addEventListener("click", () => page.client.drop(30_000));
$("background").addEventListener("click", () => {
  page.background = !page.background;
  page.client.setVisible(!page.background);
  soon();
});
$("leave").addEventListener("click", () => page.client.bye());
$("notice-close").addEventListener("click", () => ($("notice").hidden = true));
for (const piece of document.querySelectorAll("[data-piece]"))
  piece.addEventListener("click", () => visit(piece.dataset.piece));
for (const tab of document.querySelectorAll("[data-show]")) {
  tab.addEventListener("click", () => show(tab.dataset.show));
}
// Another tab of the same person gave a new name: this session's should not bring the old one back.
addEventListener("storage", ({ key, newValue }) => {
  if (page.handle && key === `presence:name:${page.handle}` && newValue !== null) page.client.rename(newValue || null);
});

start();
