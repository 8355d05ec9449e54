/* What every page uses. Texts of the data are never markup: elements are made, and their textContent is set. */
"use strict";
const vss = {};

/* --- data --- */

/* The value of an element of data; null where there is no such element. */
vss.data = (id) => {
  const element = document.getElementById(id);
  return element === null ? null : JSON.parse(element.textContent);
};

/* The line of an element of lines, parsed. */
vss.line = (id, number) => {
  const element = document.getElementById(id);
  const lines = element === null ? [] : element.textContent.split("\n");
  return number < lines.length && lines[number] !== "" ? JSON.parse(lines[number]) : null;
};

/* --- elements --- */

/* Characters that would hide, reorder or break text are shown by their numbers. */
vss.plain = (text) => String(text).replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
  (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);

/* An element with a class (or ""), and children: elements, texts, or null for nothing. */
vss.el = (name, type, ...children) => {
  const element = document.createElement(name);
  if (type) {
    element.className = type;
  }
  return vss.add(element, ...children);
};

vss.add = (element, ...children) => {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") {
      element.append(child instanceof Node ? child : vss.plain(child));
    }
  }
  return element;
};

/* A link to a page of documentation. An address that is none is shown and leads nowhere. */
vss.link = (address, text) => {
  if (!/^https?:\/\/[^\s]+$/i.test(address)) {
    return vss.el("span", "", text || address);
  }
  const link = vss.el("a", "", text || address);
  link.href = address;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
};

vss.button = (type, act, ...children) => {
  const button = vss.el("button", type, ...children);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
};

/* A list of facts: pairs of a name and a text or an element; pairs without a value are left out. */
vss.facts = (pairs) => {
  const list = vss.el("dl", "facts");
  for (const [name, value] of pairs) {
    if (value !== null && value !== undefined && value !== "") {
      vss.add(list, vss.el("dt", "", name), vss.el("dd", "", value));
    }
  }
  return list;
};

/* --- words --- */

/* [[name, letter, is it bad], …] by number: what "facts" of the page calls verdicts. */
vss.verdicts = [];

/* The letter of a verdict in its colour; by number or by name. */
vss.badge = (verdict) => {
  const known = typeof verdict === "number" ? vss.verdicts[verdict] : vss.verdicts.find((v) => v[0] === verdict);
  const [name, letter] = known || ["error", "?"];
  const badge = vss.el("span", `badge v-${name}`, letter);
  badge.title = vss.words(name);
  badge.setAttribute("role", "img");
  badge.setAttribute("aria-label", vss.words(name));
  return badge;
};

vss.words = (name) => name.replace(/_/g, " ");

vss.time = (us) => {
  if (typeof us !== "number") {
    return "";
  }
  return us < 1000 ? `${us} µs` : us < 1e6 ? `${(us / 1000).toFixed(us < 1e4 ? 1 : 0)} ms`
    : us < 6e7 ? `${(us / 1e6).toFixed(1)} s` : `${Math.floor(us / 6e7)} min ${Math.round(us / 1e6) % 60} s`;
};

vss.number = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

/* --- the address bar: #key=value&key=value --- */

vss.hash = {
  read: () => new URLSearchParams(location.hash.slice(1)),

  /* What the keys are set to; null takes one out. */
  text: (changes) => {
    const now = vss.hash.read();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null || value === "") {
        now.delete(key);
      } else {
        now.set(key, value);
      }
    }
    // what an address bar shows as it is stays readable
    return `#${now.toString().replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":")}`;
  },

  /* `replace`: without a step in the browser's history. */
  set: (changes, replace) => {
    const text = vss.hash.text(changes);
    if (text !== (location.hash || "#")) {
      history[replace ? "replaceState" : "pushState"](null, "", text);
      dispatchEvent(new Event("hashchange"));
    }
  },
};

/* Copies a text; where the browser does not let us, the reader can select it. */
vss.copy = async (text, button) => {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "copied";
  } catch {
    button.textContent = "cannot copy";
  }
  setTimeout(() => { button.textContent = before; }, 1500);
};

/* The keys of a page: what each of `keys` does, and Enter, by which the case at the cursor is opened: `enter` says whether
   there was one. In a field they write; Escape leaves it, and Enter does in the search, where `found` is told of it. */
vss.keys = (keys, { search, enter, found = () => {}, paused = () => false }) => {
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select");
    if (event.ctrlKey || event.metaKey || event.altKey || paused()) {
      return;
    }
    if (field !== null) {
      if (event.key === "Escape" || (event.key === "Enter" && field === search)) {
        field.blur();
        if (event.key === "Enter") {
          found();
        }
        event.preventDefault();
      }
      return;
    }
    if (Object.hasOwn(keys, event.key)) {
      keys[event.key]();
    } else if (event.key !== "Enter" || event.target.closest("a, button, summary") !== null || !enter()) {
      return;
    }
    event.preventDefault();
  });
};
