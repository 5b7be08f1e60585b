// Elements from words, attributes and what is in them; nothing is ever read as markup.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") for (const [what, act] of Object.entries(value)) element.addEventListener(what, act);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let words = {};

export function speak(given) {
  words = given;
}

// The text for a key, with {names} filled in.
export function say(key, values = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function button(label, act, kind = "") {
  return h("button", { type: "button", class: `button ${kind}`.trim(), on: { click: act } }, label);
}

export function link(label, to, kind = "button") {
  return h("a", { class: kind, href: to }, label);
}

// Say something to whoever listens to the page.
export function announce(text) {
  const place = document.querySelector("[data-live]");
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 50);
}

export function notice(tone, ...inside) {
  return h("div", { class: `notice ${tone}`.trim(), role: tone === "kill" ? "alert" : "status" }, inside);
}
