/**
 * What the parts of the page have in common: elements, lists that agree with what they show, and people. Everything that
 * comes from others is put into the page as text, never as HTML.
 */

export const $ = (id) => document.getElementById(id);

/** Makes the children of a list agree with the items; an element stays with its item, so that focus and motion do. */
export function renderList(list, items, keyOf, make, update) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, i) => {
    const key = String(keyOf(item));
    const child = old.get(key) ?? make();
    old.delete(key);
    child.dataset.key = key;
    update(child, item);
    if (list.children[i] !== child) list.insertBefore(child, list.children[i] ?? null);
  });
  for (const child of old.values()) child.remove();
}

export function setText(id, text) {
  write($(id), text);
}

export function write(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export function withClass(name, className, text) {
  return Object.assign(element(name, {}, text), { className });
}

export function element(name, data = {}, text = "") {
  const made = document.createElement(name);
  Object.assign(made.dataset, data);
  made.textContent = text;
  return made;
}

/** A button that does something else than to send its form. */
export function button(testid, text, action) {
  const made = element("button", { testid }, text);
  made.type = "button";
  if (action) made.addEventListener("click", action);
  return made;
}

export function shownName({ id, handle, name }) {
  return name || handle || id;
}

export function bareName(member) {
  return shownName(member).replace(/^@/, "");
}

/** One letter in one of eight colours, the same for the same person everywhere. */
export function paintAvatar(avatar, member) {
  const letters = [...bareName(member)];
  write(avatar, (letters[0] ?? "?").toUpperCase());
  const sum = [...member.id].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)) % 9973, 7);
  avatar.dataset.tone = member.id ? sum % 8 : "";
}
