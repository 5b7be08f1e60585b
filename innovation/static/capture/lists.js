// What is saved here, what needs another look, and what has arrived.

import { button, h, link, notice, say } from "./draw.js";
import { isEmpty, tidied } from "./rules.js";
import { all, change, empty, put, remove, set, setting, uuid } from "./store.js";

export async function home(page) {
  const [clinics, ideas] = await Promise.all([all("clinics"), all("ideas")]);
  known = new Map(clinics.map((clinic) => [clinic.key, clinic]));
  const isBare = (idea) => idea.state === "draft" && known.has(idea.clinic) && isEmpty(idea, known.get(idea.clinic));
  const bare = ideas.filter(isBare);
  await Promise.all(bare.map((idea) => remove("ideas", idea.id)));
  const of = (state) => ideas.filter((idea) => idea.state === state && !bare.includes(idea)).sort((a, b) => (key(a) < key(b) ? 1 : -1));
  const [drafts, waiting, refused, arrived] = ["draft", "waiting", "refused", "arrived"].map(of);
  return [
    page.ability(),
    await Promise.all(clinics.map((clinic) => clinicCard(clinic, page))),
    section(say("again"), refused, (idea) => refusedItem(idea, page)),
    section(say("drafts"), drafts, (idea) => draftItem(idea)),
    h(
      "section",
      { class: "card stack" },
      h("h2", {}, say("here"), " ", h("span", { class: "tag" }, waiting.length)),
      h("p", { class: "small muted" }, say(waiting.length ? "here_help" : "none_here")),
      waiting.length ? h("ul", { class: "list ruled" }, waiting.map((idea) => draftItem(idea, "change"))) : null,
      waiting.length ? button(say("send_now"), () => page.send(true), "quiet") : null,
    ),
    h(
      "section",
      { class: "card stack" },
      h("h2", {}, say("arrived"), " ", h("span", { class: "tag go", "data-arrived": arrived.length }, arrived.length)),
      arrived.some((idea) => idea.secret) ? h("p", { class: "small muted" }, say("secret_help")) : null,
      arrived.length ? h("ul", { class: "list ruled" }, arrived.map((idea) => arrivedItem(idea, page))) : h("p", { class: "small muted" }, say("none_arrived")),
    ),
    await settings(page, waiting.length + drafts.length + refused.length),
  ];
}

const key = (idea) => idea.at || idea.made;
let known = new Map();

// What an idea is called; a visit by where and when it was.
function titleOf(idea) {
  const { answers = {}, clinic } = idea;
  const { named_by: names = [], screens = [] } = known.get(clinic) || {};
  const asked = screens.flat();
  const word = (name) => {
    const { kind, options = [] } = asked.find((each) => each.name === name) || {};
    if (kind === "date") return day(answers[name]);
    return (options.find(([value]) => value && value === answers[name]) || [0, options.length ? "" : answers[name]])[1];
  };
  return idea.title || answers.title || names.map(word).filter(Boolean).join(", ") || say("untitled");
}

// 2026-11-27 as the page would write it.
function day(text = "") {
  const [year, month, date] = text.split("-").map(Number);
  return date ? `${date} ${say("months").split("|")[month - 1]} ${year}` : text;
}

function section(title, ideas, item) {
  return ideas.length ? h("section", { class: "card stack" }, h("h2", {}, title), h("ul", { class: "list ruled" }, ideas.map(item))) : null;
}

function clinicCard(clinic, page) {
  const shut = clinic.shut ? notice("recycle", h("p", {}, say("shut_out", { clinic: clinic.title })), link(say("join"), "#/join", "button quiet")) : null;
  return h(
    "section",
    { class: "stack clinic" },
    h("h1", { tabindex: "-1" }, clinic.title),
    clinic.challenge ? h("p", { class: "muted" }, clinic.challenge) : null,
    shut,
    h(
      "p",
      { class: "row" },
      link(say("new"), `#/new/${encodeURIComponent(clinic.key)}${page.whole ? "/all" : ""}`),
      page.whole ? null : link(say("fast"), `#/new/${encodeURIComponent(clinic.key)}/all`, "button quiet"),
      page.urls.dots && clinic.code && !clinic.shut ? link(say("dots"), page.urls.dots.replace("CODE", clinic.code), "") : null,
    ),
  );
}

function draftItem(idea, word = "go_on") {
  return h("li", { class: "row spread" }, h("span", { class: "grow" }, titleOf(idea)), link(say(word), `#/idea/${idea.id}/0`, ""));
}

function refusedItem(idea, page) {
  const { said } = idea;
  const before = Boolean(said.reference);
  const clinic = known.get(idea.clinic);
  const labels = clinic ? [...clinic.screens.flat(), ...clinic.besides, ...clinic.owner, ...clinic.consents, clinic.photo] : [];
  const label = (name) => (labels.find((asked) => asked.name === name) || { label: name }).label;
  const wrong = Object.entries(said.errors || {});
  return h(
    "li",
    { class: "stack tight" },
    h("b", {}, titleOf(idea)),
    h("p", {}, before ? said.why || say("said_before", { reference: said.reference }) : said.why),
    wrong.length ? h("ul", { class: "small" }, wrong.map(([name, texts]) => h("li", {}, `${label(name)}: ${[].concat(texts).join(" ")}`))) : null,
    h(
      "p",
      { class: "row" },
      before
        ? [button(say("as_new"), () => asNew(idea, page), "quiet small"), button(say("leave"), () => asArrived(idea, page), "quiet small")]
        : link(say("mend"), `#/idea/${idea.id}/${wrong.length ? "all" : 0}`, "button quiet small"),
    ),
  );
}

// The other words become an idea of their own; what arrived before stays as it is.
async function asNew(idea, page) {
  const { said, reference, secret, at, ...plain } = idea;
  await put("ideas", { ...plain, answers: tidied(plain.answers), id: uuid(), state: "waiting", stamp: uuid() });
  await asArrived(idea, page);
}

async function asArrived(idea, page) {
  const { id, clinic, secret } = idea;
  const at = idea.at || new Date().toISOString();
  const { reference } = idea.said;
  const listed = (await all("ideas")).some((other) => other.state === "arrived" && other.reference === reference);
  if (listed) await remove("ideas", id);
  else await put("ideas", { id, clinic, state: "arrived", title: titleOf(idea), reference, secret, at, stamp: uuid() });
  await page.changed();
  page.send();
}

function arrivedItem(idea, page) {
  const noted = () => change("ideas", idea.id, (kept) => kept && { ...kept, secret: null }).then(() => page.changed());
  return h(
    "li",
    { class: "stack tight" },
    h("span", {}, titleOf(idea)),
    h("span", { class: "row" }, h("span", { class: "small muted" }, say("reference")), h("b", { class: "mono" }, idea.reference)),
    idea.secret ? h("span", { class: "row" }, h("span", { class: "small muted" }, say("secret")), h("b", { class: "mono" }, idea.secret), page.shared ? button(say("noted"), noted, "quiet small") : null) : null,
    idea.onward ? h("a", { href: idea.onward }, say("onward")) : null,
    idea.secret ? h("a", { class: "small", href: `${page.urls.status}?reference=${encodeURIComponent(idea.reference)}` }, say("status")) : null,
  );
}

async function settings(page, held) {
  page.shared = (await setting("whose", "shared")) === "shared";
  const pick = (value, label) =>
    h("label", { class: "pick" }, h("input", { type: "radio", name: "whose", value, checked: page.shared === (value === "shared"), on: { change: () => set("whose", value).then(() => page.changed()) } }), h("span", {}, label));
  const forget = async () => {
    await Promise.all(["ideas", "clinics", "kept"].map(empty));
    page.go("#/join");
  };
  return h(
    "section",
    { class: "stack small" },
    page.whole ? null : h("fieldset", { class: "field" }, h("legend", {}, say("whose")), h("p", { class: "help" }, say("whose_help")), h("div", { class: "picks" }, pick("shared", say("shared")), pick("own", say("own")))),
    h("p", { class: "row spread ways" }, link(say("other_clinic"), "#/join", ""), page.confirmed(say("forget"), held ? say("forget_sure") : say("forget_plain"), forget)),
  );
}
