// The capture page: which screen is shown, how it stands with the signal, and when what waits is sent.

import { Asking } from "./asking.js";
import { announce, button, h, link, notice, say, speak } from "./draw.js";
import { home } from "./lists.js";
import { blank } from "./rules.js";
import { sendAll } from "./send.js";
import { all, change, get, open, put } from "./store.js";

const given = JSON.parse(document.getElementById("given").textContent);
const main = document.getElementById("main");
const state = document.querySelector("[data-state]");
const tabs = typeof BroadcastChannel === "function" ? new BroadcastChannel(given.name) : null;
const PAUSES = [5, 15, 30, 60, 120, 300];
const chosen = new URLSearchParams(location.search).has("language"); // the page is new because it was asked for in another
speak(given.words);

const page = {
  urls: given.urls,
  whole: Boolean(given.whole), // everything is asked on one screen, and nothing that arrives has a secret
  shared: true,
  asking: null,
  screen: "",
  away: false,
  ready: false,
  message: "",
  toldAt: "",
  waits: 0,
  tries: 0,
  fresh: "", // the token of the clinic that was joined just now

  go: (to) => (location.hash === to ? show() : (location.hash = to)),
  replace: (to, kept = null) => history.replaceState(kept, "", to),
  tellOnce: (text) => Object.assign(page, { message: text, toldAt: "" }),

  // Said on one screen, also when that is drawn anew because something has arrived.
  once() {
    if (page.toldAt && page.toldAt !== location.hash) page.message = "";
    page.toldAt = location.hash;
    return page.message ? notice("go", h("p", {}, page.message)) : null;
  },

  // Whether this page opens without a signal, said plainly.
  ability() {
    if (!window.isSecureContext) return notice("recycle", h("p", {}, say("not_offline")));
    if (!("serviceWorker" in navigator) || page.unable) return notice("recycle", h("p", {}, say("no_worker")));
    return page.ready ? h("p", { class: "small muted", "data-ready": true }, say("ready")) : null;
  },

  // A button that asks once more.
  confirmed(label, question, act) {
    return h("details", { class: "confirm" }, h("summary", { class: "small" }, label), h("div", { class: "stack small" }, h("p", {}, question), button(label, act, "danger small")));
  },

  async finished(clinic, fast, text) {
    page.tellOnce(text);
    announce(text);
    await status(); // what was saved before may be under way for minutes
    send();
    persist();
    page.go(fast && !page.whole ? `#/new/${encodeURIComponent(clinic.key)}/all` : "#/");
  },

  async changed() {
    await status();
    if (!page.waits && page.toldAt) page.message = ""; // what was said to go out by itself has gone
    if (tabs) tabs.postMessage("changed");
    await refresh();
  },

  send: (asked) => send(asked),
};

// Screens

// The list as it is now; whoever is typing is left alone.
const refresh = () => (page.screen === "home" ? show() : null);

// The screen that the address names. When the address changes meanwhile, the later one wins.
async function show() {
  const turn = (page.turn = (page.turn || 0) + 1);
  const isOver = () => turn !== page.turn;
  if (page.asking) await page.asking.save();
  const [what, key, more] = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
  const [clinics, idea] = [await all("clinics"), what === "idea" ? await get("ideas", key) : null];
  if (isOver()) return null;
  page.asking = null;
  page.screen = "other";
  main.className = "";
  if (what === "join" || !clinics.length) return joining(key);
  const begun = what === "idea" && !idea && history.state && history.state.begun; // opened anew before anything was typed
  if (what === "new" || begun) {
    const clinic = clinics.find((each) => each.key === (begun || key)) || clinics[0];
    const idea = blank(clinic);
    page.replace(`#/idea/${idea.id}/${more === "all" ? "all" : 0}`, { begun: clinic.key });
    return ask(idea, clinic, more === "all" ? "all" : 0);
  }
  const its = idea && clinics.find((each) => each.key === idea.clinic);
  if (its && idea.state !== "arrived") return ask(idea, its, more);
  page.screen = "home";
  await status();
  const drawn = await home(page);
  if (isOver()) return null;
  main.replaceChildren(...[page.once(), ...drawn].flat(9).filter(Boolean));
  document.querySelector("[data-title]").textContent = clinics[0].title;
  return null;
}

function ask(idea, clinic, at) {
  page.asking = new Asking(idea, clinic, page);
  document.querySelector("[data-title]").textContent = clinic.title;
  page.asking.render(main, page.whole ? "all" : at);
  const told = page.once();
  if (told) main.prepend(told);
}

function joining(code = "") {
  const wrong = h("p", { class: "error", id: "code-error", role: "alert" });
  const field = h("input", { id: "code", name: "code", value: code, maxlength: 20, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", "aria-describedby": "code-error" });
  const press = h("button", { type: "submit", class: "button" }, say("join"));
  const go = async (event) => {
    if (event) event.preventDefault();
    press.disabled = true;
    wrong.textContent = await join(field.value);
    press.disabled = false;
    if (!wrong.textContent) page.go("#/");
    else field.focus();
  };
  main.replaceChildren(
    h("h1", { tabindex: "-1" }, say("join_title")),
    h("p", {}, say("join_text")),
    ...[page.ability()].filter(Boolean),
    h("form", { class: "form card", novalidate: true, on: { submit: go } }, h("div", { class: "field" }, h("label", { for: "code" }, say("code")), wrong, field), h("div", { class: "row" }, press)),
  );
  field.focus();
  return code ? go() : null;
}

// Take the clinic along; what went wrong, or nothing.
async function join(code) {
  const plain = code.toUpperCase().replace(new RegExp(`[^${given.signs || "A-Z0-9"}]`, "g"), "");
  if (!plain) return say("needed");
  if ((await all("clinics")).some((clinic) => clinic.code === plain && !clinic.shut)) return "";
  try {
    const answer = await fetch(given.urls.join.replace("CODE", encodeURIComponent(plain)), { method: "POST", headers: { Accept: "application/json" } });
    if (!(answer.headers.get("Content-Type") || "").includes("json")) return say("needs_signal");
    const told = await answer.json();
    if (!answer.ok) return told.detail || say("needs_signal");
    await put("clinics", { ...told, ...told.clinic, code: plain, shut: false, tag: answer.headers.get("ETag") });
    page.fresh = told.token;
    persist();
    send();
    return "";
  } catch (error) {
    const name = error ? error.name : "";
    return say({ InvalidStateError: "no_store", QuotaExceededError: "no_room" }[name] || "needs_signal");
  }
}

// What another page does cannot be done without a signal; this one is not left for an error of the browser's.
function needsSignal() {
  const told = main.querySelector("[data-needs-signal]");
  if (told) told.remove();
  const box = notice("recycle", h("p", {}, say("needs_signal")));
  box.dataset.needsSignal = "";
  main.prepend(box);
  box.scrollIntoView();
}

// Ask that the browser keeps what is here, also when room is short.
function persist() {
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
}

// Sending

let clock = null;

async function send(asked) {
  clearTimeout(clock);
  if (page.sending) {
    page.again = true; // what was saved meanwhile is not among those under way
    return;
  }
  page.sending = true;
  page.again = false;
  try {
    const result = await sendAll(given.urls, () => page.changed());
    page.away = result.trouble === "away";
    if (asked && page.away) announce(say("no_answer"));
    page.tries = result.trouble ? page.tries + 1 : 0;
    await later(result);
  } catch (error) {
    await later({ trouble: "away" });
  } finally {
    page.sending = false;
    if (page.again && !page.tries) {
      clearTimeout(clock);
      clock = setTimeout(send, 0);
    }
    await status();
  }
}

async function later({ busy, trouble, wait }) {
  const waits = (await all("ideas")).some((idea) => idea.state === "waiting");
  if (!waits && !busy) return;
  const pause = busy ? 5 : wait || PAUSES[Math.min(page.tries, PAUSES.length - 1)];
  if (busy || trouble) clock = setTimeout(send, pause * 1000);
}

async function status() {
  const ideas = await all("ideas");
  const count = (name) => ideas.filter((idea) => idea.state === name).length;
  page.waits = count("waiting");
  const held = page.waits + count("refused");
  const offline = !navigator.onLine || page.away;
  const arrived = count("arrived");
  const rest = held ? say("saved_here", { n: held }) : arrived ? say("arrived_n", { n: arrived }) : say("nothing");
  const text = `${say(offline ? "offline" : "online")} · ${rest}`;
  state.className = `tag ${offline ? "recycle" : held ? "info" : "go"}`;
  if (state.textContent !== text) state.textContent = text;
}

// Questions and notice as they are now, for every clinic on this device; what is there already is not sent again. Whether
// the site could be asked.
async function renew() {
  for (const clinic of await all("clinics")) {
    if (!clinic.token || clinic.token === page.fresh) continue;
    const known = clinic.tag ? { "If-None-Match": clinic.tag } : {};
    try {
      const answer = await fetch(given.urls.clinic, { headers: { Authorization: `Bearer ${clinic.token}`, ...known }, credentials: "omit", cache: "no-store" });
      const kind = answer.headers.get("Content-Type") || "";
      if (answer.status === 401 && kind.includes("problem+json")) await change("clinics", clinic.key, (kept) => kept && { ...kept, shut: true });
      if (!answer.ok || !kind.includes("json")) continue;
      const told = await answer.json();
      const tag = answer.headers.get("ETag");
      await change("clinics", clinic.key, (kept) => kept && kept.token === clinic.token ? { ...kept, ...told, ...told.clinic, shut: false, tag } : undefined);
    } catch (error) {
      return false;
    }
  }
  return true;
}

// Beginning

const works = () => window.isSecureContext && "serviceWorker" in navigator;
const kept = works() && Boolean(navigator.serviceWorker.controller); // the page was opened by what is kept of it

// Keep the page itself on the device. A signal that was lost meanwhile is no refusal: it is tried again later.
async function work() {
  if (!works() || page.ready) return;
  try {
    const registration = await navigator.serviceWorker.register(given.urls.worker, { scope: given.urls.page });
    await navigator.serviceWorker.ready;
    if (chosen && kept) await taken(await registration.update());
    if (chosen && kept && !(await renew())) return; // the questions would be left in the language before
    page.ready = true;
  } catch (error) {
    page.unable = Boolean(error) && error.name !== "TypeError" && error.name !== "AbortError";
  }
  await refresh();
}

// Until the worker of another language has taken its page along, without a signal the page opens in the one before.
function taken({ installing, waiting }) {
  const fresh = installing || waiting;
  const isOver = () => !fresh || ["activated", "redundant"].includes(fresh.state);
  return new Promise((resolve) => (isOver() ? resolve() : fresh.addEventListener("statechange", () => isOver() && resolve())));
}

function watch() {
  navigator.serviceWorker.addEventListener("controllerchange", () => kept && !chosen && newer());
}

// Questions and notice follow the language of the page once that is kept, so that neither is left in another; who has
// begun to type finds them on the next screen.
async function follow() {
  const working = work();
  if (!navigator.onLine) return;
  await (chosen && kept ? working : renew());
  await page.changed();
  if (chosen && page.asking && !page.asking.typed) await show();
}

// The same screen, with what stands on it, in another language.
async function inAnother(language) {
  if (page.asking) await page.asking.save();
  location.href = `${given.urls.page}?language=${language}${location.hash}`;
}

async function newer() {
  if (page.asking) await page.asking.save();
  main.prepend(notice("info", h("p", {}, say("newer")), button(say("reload"), () => location.reload(), "quiet small")));
}

async function begin() {
  try {
    await open(given.name);
  } catch (error) {
    main.replaceChildren(notice("kill", h("p", {}, say("no_store"))));
    return;
  }
  const code = new URLSearchParams(location.search).get("code");
  if (code || chosen) history.replaceState(null, "", `${given.urls.page}${code ? `#/join/${encodeURIComponent(code)}` : location.hash}`);
  await status();
  await show();
  if (works()) watch();
  follow();
  send();
}

window.addEventListener("hashchange", show);
window.addEventListener("online", () => ((page.tries = 0), send(), status(), page.ready || follow()));
window.addEventListener("offline", status);
window.addEventListener("pageshow", (event) => event.persisted && send());
window.addEventListener("pagehide", () => page.asking && page.asking.save());
window.addEventListener("gatehouse:newer", newer);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") send();
  else if (page.asking) page.asking.save();
});
document.addEventListener("click", (event) => {
  const pressed = event.target.closest && event.target.closest("a[href]");
  if (!pressed) return;
  if (pressed.classList.contains("skip")) {
    event.preventDefault(); // its address would be taken for that of a screen
    main.focus();
  } else if (!navigator.onLine && !pressed.getAttribute("href").startsWith("#")) {
    event.preventDefault();
    needsSignal();
  } else if (pressed.hreflang) {
    event.preventDefault();
    inAnother(pressed.hreflang);
  }
});
if (tabs) tabs.onmessage = () => status().then(refresh);
begin();
