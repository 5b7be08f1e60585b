// A part of a page follows what happens: it asks every few seconds with the tag of what it has. And the clock counts down.

const EVERY = 3000, SLOWEST = 30000;
const part = document.querySelector("[data-follow]");
const live = document.querySelector("[data-live]");
const away = document.querySelector("[data-away]");
let skew = 0, failed = 0, said = "";

export const announce = (text) => { if (live && text && text !== said) live.textContent = said = text; };

// Somebody who types, drags or has opened a menu is left alone; what is new comes when they have done.
function isBusy() {
  const at = document.activeElement;
  const types = at && part.contains(at) && at.matches("input:not([type=hidden]):not([type=number]), select, textarea");
  return types || part.hasAttribute("data-held") || part.querySelector(".confirm[open]") !== null;
}

// Where focus goes when a part is put in the place of this one, the likeliest first: the same thing, another of its
// kind (the next idea, once this one is off the wall), the title of its section, or what that stood in.
function placesFor(focused, old) {
  if (!focused || !old.contains(focused)) return [];
  const kind = focused.id.replace(/\d+$/, "");
  const alike = kind && kind !== focused.id ? [...old.querySelectorAll(`[id^="${kind}"]`)] : [];
  const at = alike.indexOf(focused), around = [];
  for (let one = focused.parentElement; one !== old; one = one.parentElement) around.push(one.getAttribute("aria-labelledby"), one.id);
  return [focused.id, ...[...alike.slice(at + 1), ...alike.slice(0, Math.max(at, 0)).reverse()].map((one) => one.id), ...around].filter(Boolean);
}

function focusOn(places) {
  for (const id of places) {
    const there = document.getElementById(id);
    if (there && !there.matches("a, button, input, select, summary, textarea")) there.tabIndex = -1;
    there?.focus({ preventScroll: true });
    if (there && document.activeElement === there) return;
  }
}

// Put a newer part in the place of this one: focus, what was opened and what was typed stay as they are.
export function put(fresh, tag) {
  const old = part.querySelector("#follows");
  const places = placesFor(document.activeElement, old);
  const opened = [...old.querySelectorAll("details[open]")].map((each) => each.querySelector("summary").textContent);
  const typed = [...old.querySelectorAll("input[data-changed]")].map((each) => [each.id, each.value]);
  old.replaceWith(fresh);
  if (tag) part.dataset.tag = tag;
  for (const each of fresh.querySelectorAll("details")) if (opened.includes(each.querySelector("summary").textContent)) each.open = true;
  for (const [id, value] of typed) {
    const field = document.getElementById(id);
    if (field) { field.value = value; field.dataset.changed = ""; }
  }
  focusOn(places);
  announce(fresh.dataset.say);
  part.dispatchEvent(new CustomEvent("fresh"));
  tick();
}

export const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function ask() {
  try {
    if (document.hidden || isBusy()) return EVERY;
    const tag = part.dataset.tag;
    const answer = await fetch(part.dataset.follow, { headers: { "If-None-Match": `"${tag}"` }, cache: "no-store", redirect: "error" });
    skew = Date.parse(answer.headers.get("Date")) - Date.now() || 0;
    if (answer.status === 404 || answer.status === 403) { leave(); return 0; }
    if (answer.status !== 200 && answer.status !== 304) throw new Error(String(answer.status));
    if (answer.status === 200) {
      const fresh = parse(await answer.text()).querySelector("#follows");
      if (fresh && tag === part.dataset.tag && !isBusy()) put(fresh, (answer.headers.get("ETag") || "").replace(/^W\/|"/g, ""));
    }
    failed = 0;
  } catch {
    failed += 1;
  }
  if (away) away.hidden = failed < 2;
  return Math.min(SLOWEST, EVERY * 2 ** Math.min(failed, 4));
}

// The code has been renewed, or nobody is let in any more: the page says so. Dots that are not sent yet go along.
function leave() {
  const form = part.querySelector(".dots-form input[data-changed]")?.form;
  if (!form) { location.reload(); return; }
  const keep = Object.assign(document.createElement("input"), { type: "hidden", name: "keep", value: "1" });
  form.append(keep);
  form.submit();
}

async function follow() {
  const pause = await ask();
  if (pause) setTimeout(follow, pause * (0.85 + Math.random() * 0.3));
}

// The clock

const face = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function tick() {
  for (const time of document.querySelectorAll(".clock .time")) {
    const left = time.dataset.ends ? Math.round((Number(time.dataset.ends) - Date.now() - skew) / 1000) : Number(time.dataset.left);
    const text = left < 0 ? `−${face(-left)}` : face(left);
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("over", left < 0);
  }
}

if (part) {
  setTimeout(follow, EVERY * Math.random());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) failed = 0; });
}
tick();
setInterval(tick, 500);
