// Progressive enhancement only: every feature waits for its data- attribute, every page works without this file.

const words = JSON.parse(document.documentElement.dataset.words || "{}");
const say = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] || "");
const each = (root, selector, action) => root.querySelectorAll(selector).forEach(action);
const fitted = new WeakMap();
const announce = (text) => { const live = document.querySelector("[data-live]"); if (live) live.textContent = text; };
const clock = () => new Date().toTimeString().slice(0, 5);
const make = (tag, properties, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};

// Where the browser keeps nothing (private windows, full storage), forms go on without the safety copy.
const store = {
  get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { announce(""); } },
  drop(key) { try { sessionStorage.removeItem(key); } catch { announce(""); } },
  keys() { try { return Object.keys(sessionStorage); } catch { return []; } },
};

// The scorecard: what a mark stands for, and the member's total so far (not-applicable leaves the weights).

function scorecard(form) {
  const line = form.querySelector("[data-total]");
  const show = () => {
    let sum = 0, weights = 0, done = 0;
    const criteria = form.querySelectorAll("[data-criterion]");
    criteria.forEach((criterion) => {
      const mark = criterion.querySelector("input[type=radio]:checked");
      if (!mark) return;
      done += 1;
      const anchor = criterion.querySelector("[data-anchor-line]");
      if (anchor) anchor.textContent = mark.dataset.anchor;
      if (mark.dataset.worth === undefined) return;
      sum += Number(criterion.dataset.weight) * Number(mark.dataset.worth);
      weights += Number(criterion.dataset.weight);
    });
    each(form, "[data-before]", (part) => {
      const name = part.closest("fieldset").querySelector("input[type=radio]").name;
      const same = new FormData(form).get(name) === part.dataset.before;
      part.querySelector("[data-same]").hidden = !same;
      part.querySelector("[data-differs]").hidden = same;
    });
    if (!line) return;
    line.hidden = !done;
    line.querySelector("[data-sum]").textContent = weights ? Math.round((sum / weights) * 100) / 10 : "–";
    line.querySelector("[data-sum-words]").textContent = say("total", { done, all: criteria.length });
  };
  form.addEventListener("change", show);
  show();
}

// A draft's weights: what they sum to while one types; where scripts are off, the button beside it says the same.

function weighed(form) {
  form.addEventListener("input", () => form.querySelectorAll("[data-weight-sum]").forEach((sum) => {
    const typed = [...sum.closest("section").querySelectorAll("[data-weighs]")];
    sum.textContent = typed.reduce((all, field) => all + (Number.parseInt(field.value, 10) || 0), 0);
  }));
}

function onlyIf(part) {
  const [name, value] = part.dataset.onlyIf.split("=");
  const form = part.closest("form");
  const show = () => {
    const values = new FormData(form).getAll(name);
    part.hidden = !values.includes(value);
  };
  form.addEventListener("change", show);
  show();
}

// Nothing typed is lost: a copy in this tab until the server has it, a save while typing, a question before leaving.

const UNKEPT = new Set(["csrf_token", "version"]);
const values = (form) => [...form.elements]
  .filter((e) => e.name && !UNKEPT.has(e.name) && !["password", "file", "hidden", "submit", "button", "fieldset"].includes(e.type))
  .map((e) => [e.name, e.type === "checkbox" || e.type === "radio" ? e.value : "", ["checkbox", "radio"].includes(e.type) ? e.checked
    : e.multiple ? [...e.selectedOptions].map((o) => o.value) : e.value]);

// The server takes spaces off the ends: a text that differs in nothing else is the same text.
const trimmed = ([name, option, value]) => [name, option, typeof value === "string" ? value.replace(/\r\n/g, "\n").trim() : value];

function putBack(form, kept) {
  for (const [name, option, value] of kept) {
    for (const e of form.elements) {
      if (e.name !== name) continue;
      if (e.type === "checkbox" || e.type === "radio") { if (e.value === option) e.checked = value; }
      else if (e.multiple && e.options) [...e.options].forEach((o) => { o.selected = value.includes(o.value); });
      else e.value = value;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// What was sent is kept until the page that answers it has come: reached from the form, neither by going back nor again.
// An error page or a refusal says that it did not arrive: it is offered again where it was typed.
function letGo() {
  const failed = document.querySelector("[data-error-page]");
  const came = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const key of store.keys().filter((name) => name.startsWith("kept:"))) {
    const copy = store.get(key);
    const answered = came && copy?.sent === document.referrer;
    if (!copy?.sent || !(failed || answered)) continue;
    if (failed || document.querySelector(".error-summary")) store.set(key, { ...copy, sent: "" });
    else store.drop(key);
  }
}

function offerBack(form, key) {
  const copy = store.get(key);
  if (!copy) return;
  if (JSON.stringify(copy.values.map(trimmed)) === JSON.stringify(values(form).map(trimmed))) return;
  const close = () => {
    notice.remove();
    [...form.elements].find((e) => e.type !== "hidden" && e.offsetParent)?.focus();
  };
  const notice = make("div", { className: "notice row" },
    make("p", { className: "grow", textContent: say("kept") }),
    make("button", { type: "button", className: "button small", textContent: say("putback"), onclick: () => { putBack(form, copy.values); close(); } }),
    make("button", { type: "button", className: "button quiet small", textContent: say("discard"), onclick: () => { store.drop(key); close(); } }));
  notice.setAttribute("role", "status");
  form.prepend(notice);
}

// Another tab has saved another text: it is kept beside this one, and offered.
function tellOfCopy(form, told) {
  const notice = make("p", { className: "notice" }, `${told.copy} `, make("a", { href: told.copy_at, textContent: told.copy_link }));
  notice.dataset.copies = "";
  notice.setAttribute("role", "status");
  form.prepend(notice);
}

function careful(form) {
  const key = `kept:${location.pathname}:${form.getAttribute("action") || ""}:${form.id}`;
  const address = form.dataset.autosave;
  const status = form.querySelector("[data-status]");
  let timer, busy = false, again = false, dirty = false, leaving = false;
  const tell = (text) => { if (status) status.textContent = text; };

  async function save() {
    if (busy) { again = true; return; }
    busy = true; again = false;
    const before = JSON.stringify(values(form));
    tell(say("saving"));
    try {
      const answer = await fetch(address, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json", "X-Autosave": "1" }, redirect: "manual",
      });
      if (answer.ok) {
        const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
        Object.entries(told).forEach(([name, value]) => {
          const hidden = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
          if (hidden) hidden.value = value;
        });
        if (JSON.stringify(values(form)) === before) { dirty = false; store.drop(key); }
        if (told.copy && !document.querySelector("[data-copies]")) tellOfCopy(form, told);
        tell(say("saved", { time: clock() }));
      } else tell(say({ 401: "out", 409: "stale" }[answer.status] || "refused"));
    } catch { tell(say("offline")); }
    busy = false;
    if (again) later();
  }
  const later = () => { clearTimeout(timer); timer = setTimeout(save, 1200); };

  form.addEventListener("input", (event) => {
    if (event.target.type === "password") return;
    dirty = true;
    store.set(key, { values: values(form), sent: "" });
    if (address) { tell(say("typing")); later(); }
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    if (dirty || store.get(key)) store.set(key, { values: values(form), sent: location.href.split("#")[0] });
    setTimeout(() => { leaving = false; }, 4000);
  });
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) { event.preventDefault(); event.returnValue = ""; } });
  offerBack(form, key);
}

// Small things

function count(box) {
  const line = make("span", { className: "left" });
  const show = () => {
    const left = Number(box.dataset.count) - box.value.length;
    line.textContent = left < 0 ? say("over", { count: -left }) : left < box.dataset.count / 5 ? say("left", { count: left }) : "";
    line.classList.toggle("over", left < 0);
  };
  line.setAttribute("aria-live", "polite");
  box.after(line);
  box.addEventListener("input", show);
  show();
}

function copyButton(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.innerHTML;
    button.textContent = say("copied");
    announce(say("copied"));
    setTimeout(() => { button.innerHTML = label; }, 2000);
  });
}

function submitOnChange(form) {
  const key = `focus:${location.pathname}`;
  const id = store.get(key);
  store.drop(key);
  document.getElementById(id)?.focus({ preventScroll: true });
  form.addEventListener("change", (event) => { store.set(key, event.target.id); form.submit(); });
}

function printButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const FEATURES = [
  ["[data-scorecard]", scorecard], ["[data-weights]", weighed], ["[data-only-if]", onlyIf], ["form[data-autosave], form[data-keep]", careful],
  ["[data-count]", count], ["[data-copy]", copyButton], ["form[data-submit-on-change]", submitOnChange],
  ["[data-print]", printButton], ["[data-focus]", (part) => part.focus()],
];

// Each part is fitted once, also those that htmx brings in later.
function fit() {
  for (const [selector, feature] of FEATURES) {
    each(document, selector, (part) => {
      const features = fitted.get(part) || fitted.set(part, new Set()).get(part);
      if (features.has(feature)) return;
      features.add(feature);
      feature(part);
    });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const search = document.querySelector("[data-search]");
  if (search && search.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
});
document.addEventListener("click", (event) => {
  each(document, "details[data-menu][open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
});
document.addEventListener("submit", (event) => {
  if ("forget" in event.target.dataset) try { sessionStorage.clear(); } catch { announce(""); }
});
addEventListener("beforeprint", () => each(document, "details.more:not([open])", (part) => { part.open = true; part.dataset.closed = ""; }));
addEventListener("afterprint", () => each(document, "details[data-closed]", (part) => { part.open = false; delete part.dataset.closed; }));
document.addEventListener("htmx:after:swap", fit);
for (const name of ["htmx:response:error", "htmx:error"]) document.addEventListener(name, (event) => event.target.matches?.("[data-hints]") || announce(say("failed")));

letGo();
fit();
