import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore, tabStore } from "../../main/resources/presence/client/presence-client.js";
import { settled } from "./fakes.mjs";

/** `sessionStorage` of one tab; a duplicated tab starts with a copy. */
function fakeStorage(copyOf) {
  const items = new Map(copyOf?.items);
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** Web Locks of one browser: exclusive, first come first served; `endPage` is what a browser does for a page that ends. */
function fakeLocks() {
  const queues = new Map();
  const forPage = () => {
    const mine = new Set();
    const request = (name, { signal } = {}, callback) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(name) ?? queues.set(name, []).get(name);
        const entry = { granted: false };
        const leave = () => {
          mine.delete(entry);
          queue.splice(queue.indexOf(entry), 1);
          queue[0]?.grant();
        };
        entry.end = leave;
        entry.grant = () => {
          if (entry.granted) return;
          entry.granted = true;
          Promise.resolve(callback({ name })).then((value) => {
            if (mine.has(entry)) leave();
            resolve(value);
          }, reject);
        };
        signal?.addEventListener("abort", () => {
          if (entry.granted) return;
          leave();
          reject(signal.reason);
        });
        mine.add(entry);
        queue.push(entry);
        if (queue[0] === entry) queueMicrotask(entry.grant);
      });
    return { request, endPage: () => [...mine].forEach(({ end }) => end()) };
  };
  return { forPage };
}

const lockedTab = (locks, storage) => tabStore("presence", { storage, locks, patienceMs: 20 });

test("memory keeps the token as long as the object", () => {
  const store = memoryStore();
  assert.equal(store.load(), null);
  store.save("s1.a");
  assert.equal(store.load(), "s1.a");
  store.clear();
  assert.equal(store.load(), null);
});

test("a reloaded page comes back to its session", async () => {
  const browser = fakeLocks();
  const storage = fakeStorage();
  const page = browser.forPage();
  const store = lockedTab(page, storage);
  assert.equal(await store.load(), null);
  store.save("s1.a");
  store.save("s1.b");
  await settled();
  page.endPage();
  assert.equal(await lockedTab(browser.forPage(), storage).load(), "s1.b");
});

test("a reload that overtakes the end of the old page waits for its lock", async () => {
  const browser = fakeLocks();
  const storage = fakeStorage();
  const page = browser.forPage();
  lockedTab(page, storage).save("s1.a");
  await settled();
  const loading = tabStore("presence", { storage, locks: browser.forPage(), patienceMs: 10_000 }).load();
  await settled();
  page.endPage();
  assert.equal(await loading, "s1.a");
});

test("a duplicated tab gets a session of its own, and the first keeps its own", async () => {
  const browser = fakeLocks();
  const storage = fakeStorage();
  const first = lockedTab(browser.forPage(), storage);
  first.save("s1.a");
  await settled();
  const copy = fakeStorage(storage);
  const second = lockedTab(browser.forPage(), copy);
  assert.equal(await second.load(), null);
  assert.equal(copy.getItem("presence"), null);
  second.save("s2.a");
  await settled();
  assert.equal(storage.getItem("presence"), "s1.a");
  assert.equal(copy.getItem("presence"), "s2.a");
});

test("a tab whose session was replaced gives its claim to the tab that replaced it", async () => {
  const browser = fakeLocks();
  const first = lockedTab(browser.forPage(), fakeStorage());
  const storage = fakeStorage();
  const page = browser.forPage();
  const second = lockedTab(page, storage);
  first.save("s1.a");
  await settled();
  second.save("s1.b");
  await settled();
  first.clear();
  await settled();
  const thief = lockedTab(browser.forPage(), fakeStorage(storage));
  assert.equal(await thief.load(), null);
  page.endPage();
  assert.equal(await lockedTab(browser.forPage(), storage).load(), "s1.b");
});

test("without locks the token is out of the storage while the page lives", () => {
  const storage = fakeStorage();
  const page = new EventTarget();
  const store = tabStore("presence", { storage, locks: null, page });
  assert.equal(store.load(), null);
  store.save("s1.a");
  assert.equal(
    tabStore("presence", { storage: fakeStorage(storage), locks: null, page: new EventTarget() }).load(),
    null,
  );
  page.dispatchEvent(new Event("pagehide"));
  const reloaded = tabStore("presence", { storage, locks: null, page: new EventTarget() });
  assert.equal(reloaded.load(), "s1.a");
  assert.equal(storage.getItem("presence"), null);
});

test("without locks a page that is shown again takes its token back", () => {
  const storage = fakeStorage();
  const page = new EventTarget();
  const store = tabStore("presence", { storage, locks: null, page });
  store.save("s1.a");
  page.dispatchEvent(new Event("pagehide"));
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  assert.equal(storage.getItem("presence"), null);
});

test("a page that may not use storage keeps the token in memory", () => {
  const forbidden = {
    getItem: () => {
      throw new Error("denied");
    },
  };
  const store = tabStore("presence", { storage: forbidden, locks: null });
  store.save("s1.a");
  assert.equal(store.load(), "s1.a");
});
