/**
 * The operators' page at `/ops`: asks one node every few seconds what all nodes say of themselves, and lets operators send a
 * node away, end a session, and decide who may be here and speak. Everything that comes from others is put into the page as text, never as HTML.
 */
import { draw, emptyPlot, rates } from "/plot.js";

const ASK_EVERY_MS = 2_000;
const TOKEN = "presence:operator";
const ROWS = 20;
const SANCTIONED = 100;
const SESSION_ID = /^[A-Za-z0-9_-]{40}$/;

const WORDS = {
  kick: ["Kick", "Ends all sessions of a person, or one session by its whole id. Everybody sees them leave at once; they may come back."],
  mutes: ["Mute", "They stay, see and hear everything and may go where they like, but say nothing: there, or nowhere and in no direct message."],
  bans: ["Ban", "Ends all sessions of a person, and every hello of theirs is refused. Who is nobody in particular can only be kicked."],
};

const PLOTS = [
  ["opened", "sessions begin"],
  ["ended", "sessions end"],
  ["reattached", "come back unseen"],
  ["changes", "changes seen"],
  ["messages", "messages"],
  ["direct", "direct messages"],
];

const $ = (id) => document.getElementById(id);

const page = { token: kept(), asking: 0, timer: 0 };

function kept() {
  try {
    return sessionStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

function keep(token) {
  page.token = token;
  try {
    if (token) sessionStorage.setItem(TOKEN, token);
    else sessionStorage.removeItem(TOKEN);
  } catch {
    // then it lasts as long as the page
  }
}

// Asking

async function ask(method, path, body) {
  return fetch(`/v1/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${page.token}`, ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

async function wordsOf(answer) {
  const error = await answer.json().catch(() => ({}));
  return error.message ?? `the node answered ${answer.status}`;
}

async function look() {
  clearTimeout(page.timer);
  const turn = ++page.asking;
  try {
    const answer = await ask("GET", "overview");
    if (turn !== page.asking) return;
    if (answer.status === 401 || answer.status === 404) return refuse(answer.status);
    if (!answer.ok) throw new Error(await wordsOf(answer));
    show(await answer.json());
    await lookAtSanctions(turn);
  } catch (error) {
    if (turn !== page.asking) return;
    state("waiting", `No answer: ${error.message}`);
  }
  page.timer = setTimeout(look, document.hidden ? 5 * ASK_EVERY_MS : ASK_EVERY_MS);
}

/** The list is kept by one entity, which may be moving: the rest of the page does not wait for it. */
async function lookAtSanctions(turn) {
  const answer = await ask("GET", `sanctions?limit=${SANCTIONED}`).catch(() => undefined);
  if (!answer?.ok) return;
  const { sanctions, cursor } = await answer.json();
  if (turn !== page.asking) return;
  showSanctions(sanctions);
  $("sanctions-more").hidden = !cursor;
}

function refuse(status) {
  keep(null);
  gate(
    status === 401
      ? "That is not the token."
      : "These nodes have no operators: they were started without PRESENCE_ADMIN_TOKEN.",
  );
}

function gate(wrong) {
  $("gate").hidden = false;
  $("board").hidden = true;
  $("forget").hidden = true;
  $("gate-wrong").hidden = !wrong;
  $("gate-wrong").textContent = wrong ?? "";
  state("idle", "Not signed in");
  $("token").focus();
}

function state(name, words) {
  $("connection").dataset.state = name;
  $("connection-words").textContent = words;
}

// Showing

function show({ answeredBy, nodes }) {
  $("gate").hidden = true;
  $("board").hidden = false;
  $("forget").hidden = false;
  state("online", `Live, from ${answeredBy}`);
  const reports = nodes.flatMap((node) => node.report ?? []);
  totals(nodes, reports);
  plots(reports);
  showNodes(nodes);
  showInstances(reports);
  showSlow(reports);
  showEnds(reports);
}

function totals(nodes, reports) {
  const sum = (field) => reports.reduce((total, report) => total + report.sessions[field], 0);
  const up = nodes.filter((node) => stateOf(node) === "up").length;
  const slowest = Math.max(0, ...reports.flatMap((report) => report.slowest.map((each) => each.millis)));
  $("total-nodes").textContent = `${up} / ${nodes.length}`;
  $("total-online").textContent = number(sum("online"));
  $("total-grace").textContent = number(sum("inGrace"));
  $("total-sockets").textContent = number(sum("connections"));
  $("total-slow").textContent = `${number(slowest)} ms`;
}

function plots(reports) {
  const list = $("plots");
  if (!list.childElementCount) list.append(...PLOTS.map(emptyTile));
  for (const [field] of PLOTS) {
    const values = rates(reports, field);
    const tile = list.querySelector(`[data-rate="${field}"]`);
    tile.querySelector("output").textContent = rate(values.at(-1));
    tile.querySelector("small").textContent = `at most ${rate(Math.max(...values))}`;
    draw(tile.querySelector("svg"), values);
  }
}

function emptyTile([field, words]) {
  const tile = document.createElement("li");
  tile.dataset.rate = field;
  tile.dataset.testid = `rate-${field}`;
  const title = document.createElement("h3");
  title.append(words, document.createElement("output"));
  tile.append(title, emptyPlot(), document.createElement("small"));
  return tile;
}

function stateOf({ status, reachable, report }) {
  if (!reachable) return "unreachable";
  if (report?.draining) return "draining";
  if (!report) return status === "up" ? "silent" : status;
  return status;
}

function showNodes(nodes) {
  rows("nodes", nodes, (node) => {
    const { report } = node;
    const badge = document.createElement("span");
    badge.className = "badge";
    badge.dataset.state = badge.textContent = stateOf(node);
    return {
      key: node.node,
      cells: [
        named(node.node),
        badge,
        report?.version ?? "–",
        report ? since(report.startedAt) : "–",
        amount(report?.sessions.online),
        amount(report?.sessions.inGrace),
        amount(report?.sessions.connections),
        report ? shards(report.shards) : "–",
        drainButton(node),
      ],
    };
  });
}

function shards(held) {
  return Object.entries(held)
    .sort()
    .map(([kind, many]) => `${kind} ${many}`)
    .join(" · ");
}

function drainButton(node) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "danger";
  button.textContent = "Drain";
  button.dataset.testid = "drain";
  button.disabled = stateOf(node) !== "up";
  button.setAttribute("aria-label", `Drain ${node.node}`);
  button.addEventListener("click", () => drain(node.node));
  return button;
}

function showInstances(reports) {
  const all = reports
    .flatMap((report) => report.instances.map((room) => ({ ...room, node: report.node })))
    .sort((a, b) => b.counts.sessions - a.counts.sessions)
    .slice(0, ROWS);
  rows("instances", all, ({ instance, at, counts, node }) => ({
    key: instance,
    cells: [
      named(instance),
      amount(counts.sessions),
      amount(counts.people),
      amount(counts.here),
      amount(counts.anonymous),
      amount(at.seq),
      node,
    ],
  }));
}

function showSlow(reports) {
  const all = reports.flatMap((report) => report.slowest);
  all.sort((a, b) => b.millis - a.millis);
  rows("slow", all.slice(0, 10), ({ instance, millis, words, at }) => ({
    cells: [named(instance), amount(millis, " ms"), amount(words), ago(at)],
  }));
}

function showEnds(reports) {
  const all = reports.flatMap((report) => report.ends);
  all.sort((a, b) => b.at - a.at);
  rows("ends", all.slice(0, ROWS), ({ session, reason, at }) => ({
    key: reason,
    cells: [named(`${session}…`), reason.replaceAll("_", " "), ago(at)],
  }));
}

function showSanctions(people) {
  const all = people.flatMap(({ user, ban, mutes }) => [
    ...(ban ? [{ user, what: "bans", ...ban }] : []),
    ...mutes.map((mute) => ({ user, what: "mutes", ...mute })),
  ]);
  rows("sanctions", all, (each) => ({
    key: `${each.what} ${each.user} ${each.instance ?? ""}`,
    cells: [
      named(each.user),
      each.what === "bans" ? "banned" : `muted ${each.instance ? `in ${each.instance}` : "everywhere"}`,
      each.until ? moment(each.until) : "for good",
      reason(each.reason),
      moment(each.since),
      liftButton(each),
    ],
  }));
}

function liftButton({ user, what, instance }) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Lift";
  button.dataset.testid = "lift";
  button.setAttribute("aria-label", `Lift the ${what === "bans" ? "ban" : "mute"} of ${user}`);
  button.addEventListener("click", () =>
    act(ask("DELETE", sanction(what, user, instance)), `${user} may ${what === "bans" ? "come" : "speak"} again.`),
  );
  return button;
}

function sanction(what, user, instance) {
  return `${what}/${encodeURIComponent(user)}${instance ? `?instance=${encodeURIComponent(instance)}` : ""}`;
}

/** Brings a table up to date. A row that stays keeps its button, which somebody may be about to press. */
function rows(id, items, row) {
  const body = $(id);
  const fresh = items.length ? items.map((item) => line(row(item))) : [nothing(body)];
  const keys = (all) => JSON.stringify(all.map((each) => each.dataset.key));
  const shown = [...body.rows];
  if (keys(shown) === keys(fresh)) {
    shown.forEach((each, i) => refresh(each, fresh[i]));
  } else {
    body.replaceChildren(...fresh);
  }
}

function refresh(row, fresh) {
  [...fresh.cells].forEach((cell, i) => {
    const button = row.cells[i].querySelector("button");
    if (button) {
      button.disabled = cell.querySelector("button").disabled;
    } else if (row.cells[i].outerHTML !== cell.outerHTML) {
      row.cells[i].replaceWith(cell);
    }
  });
}

function line({ key, cells }) {
  const row = document.createElement("tr");
  if (key) row.dataset.key = key;
  for (const cell of cells) {
    if (cell instanceof HTMLTableCellElement) {
      row.append(cell);
    } else {
      row.insertCell().append(cell);
    }
  }
  return row;
}

function nothing(body) {
  const row = document.createElement("tr");
  row.dataset.key = "nothing";
  const cell = row.insertCell();
  cell.className = "nothing";
  cell.colSpan = body.parentElement.tHead.rows[0].cells.length;
  cell.textContent = "Nothing yet.";
  return row;
}

function named(text) {
  const cell = document.createElement("td");
  cell.className = "name";
  cell.textContent = text;
  cell.title = text;
  return cell;
}

function reason(text) {
  const cell = document.createElement("td");
  cell.className = "reason";
  cell.textContent = text ?? "–";
  cell.title = text ?? "";
  return cell;
}

function moment(at) {
  return new Date(at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

function amount(value, unit = "") {
  const cell = document.createElement("td");
  cell.className = "n";
  cell.textContent = value === undefined ? "–" : number(value) + unit;
  return cell;
}

function number(value) {
  return value.toLocaleString("en");
}

function rate(value) {
  return value === 0 ? "0" : value < 10 ? value.toFixed(1) : number(Math.round(value));
}

function since(at) {
  const minutes = Math.max(0, Math.round((Date.now() - at) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  return seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

// Doing

async function drain(node) {
  const yes = await sure(
    `Drain ${node}?`,
    "Its clients are sent to other nodes and nobody sees them leave. Then it hands its shards over and stops.",
  );
  if (yes) await act(ask("POST", `nodes/${encodeURIComponent(node)}/drain`), `${node} is leaving.`);
}

async function decide() {
  const whom = $("whom").value.trim();
  const what = $("what").value;
  const [verb, words] = WORDS[what];
  if (!(await sure(`${verb} ${whom}?`, words))) return;
  const done = { kick: "was kicked", mutes: "is muted", bans: "is banned" }[what];
  const asked = what === "kick" ? kick(whom) : ask("PUT", sanction(what, whom, where(what)), terms());
  if (await act(asked, `${whom} ${done}.`)) {
    $("decide").reset();
    fit();
  }
}

function kick(whom) {
  return ask("POST", "kick", SESSION_ID.test(whom) ? { session: whom } : { user: whom });
}

function where(what) {
  return what === "mutes" ? $("where").value.trim() : "";
}

function terms() {
  return {
    ...($("span").value && { seconds: Number($("span").value) }),
    ...($("reason").value.trim() && { reason: $("reason").value.trim() }),
  };
}

/** The form asks for what goes with what is to be done. */
function fit() {
  const what = $("what").value;
  [$("decide-do").textContent, $("decide-words").textContent] = WORDS[what];
  $("decide").dataset.what = what;
}

async function act(asked, words) {
  try {
    const answer = await asked;
    if (!answer.ok) throw new Error(await wordsOf(answer));
    tell(words);
    look();
    return true;
  } catch (error) {
    tell(`That was not done: ${error.message}.`, "bad");
    return false;
  }
}

function sure(title, words) {
  const dialog = $("sure");
  $("sure-title").textContent = title;
  $("sure-words").textContent = words;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((answer) =>
    dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }),
  );
}

function tell(words, kind = "good") {
  $("notice").hidden = false;
  $("notice").dataset.kind = kind;
  $("notice-words").textContent = words;
}

$("gate").addEventListener("submit", (event) => {
  event.preventDefault();
  keep($("token").value.trim());
  $("token").value = "";
  look();
});

$("forget").addEventListener("click", () => {
  page.asking++;
  clearTimeout(page.timer);
  keep(null);
  gate();
});

$("decide").addEventListener("submit", (event) => {
  event.preventDefault();
  decide();
});

$("what").addEventListener("change", fit);

$("notice-close").addEventListener("click", () => ($("notice").hidden = true));
document.addEventListener("visibilitychange", () => !document.hidden && page.token && look());

fit();
if (page.token) look();
else gate();
