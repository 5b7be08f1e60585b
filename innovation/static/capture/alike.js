// Ideas that read like the one that is written, among those that this device knows of. It tells; nobody is held up.

import { announce, h, link, say } from "./draw.js";
import { all } from "./store.js";

const MOST = 5, COMPARED = 500, LEARNT = 2;
const ENOUGH = 0.2; // of what both texts say: docs/decisions/0025 has what that finds
const FEW = 100; // texts, at least, by which a word is rare: among five, what two share would pass for common
const STEM = 5; // letters by which a word is known: read, reads and reading begin alike
const COMMON = new Set("about after also because been before being could does each every from have help into make many more most need only other over should some than that their them then there these they this those very want well were what when where which while will with would your idea ideas school schools learner learners".split(" "));

function stem(said) {
  const cut = said.slice(0, STEM);
  return /^.{4}[sei]$/u.test(cut) ? cut.slice(0, 4) : cut;
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The stems of a text, each with the word that it was said with.
function read(text) {
  const found = new Map();
  for (const word of text.match(/[\p{L}\p{M}]+/gu) || []) {
    const said = plain(word);
    if (said.length > 3 && !COMMON.has(said)) found.set(stem(said), word);
  }
  return found;
}

// Which of ``others`` ([{title, text}]) read like the text, the most alike first, each with the words that they share.
export function likest(text, others) {
  const own = read(text);
  const those = others.slice(0, COMPARED).map((other) => ({ ...other, stems: read(`${other.title} ${other.text}`) }));
  const held = new Map();
  for (const { stems } of those) for (const each of stems.keys()) held.set(each, (held.get(each) || 0) + 1);
  const texts = Math.max(those.length, FEW);
  const rarity = (each) => Math.log(1 + (texts - (held.get(each) || 0) + 0.5) / ((held.get(each) || 0) + 0.5));
  const weight = (stems) => [...stems].reduce((sum, each) => sum + rarity(each), 0);
  const whole = weight(own.keys());
  return those
    .map((other) => {
      const shared = [...own.keys()].filter((each) => other.stems.has(each));
      const score = weight(shared) / Math.max(1, Math.sqrt(whole * weight(other.stems.keys())));
      return { ...other, score, words: shared.sort((a, b) => rarity(b) - rarity(a)).slice(0, 4).map((each) => own.get(each)) };
    })
    .filter((other) => other.words.length > 1 && other.score >= ENOUGH)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

// What this device knows of: ideas that were written on it, and those that the room has seen on its wall.
async function known(idea, clinic) {
  const own = (await all("ideas")).filter((other) => other.id !== idea.id);
  const here = own.map(({ id, state, title, reference, answers = {} }) => ({
    title: title || answers.title || "",
    text: answers.problem || "",
    reference,
    to: state === "arrived" ? "" : `#/idea/${id}/0`,
  }));
  const sent = new Set(here.map((each) => each.reference));
  const shown = (clinic.known || []).map(([reference, title, text]) => ({ reference, title, text, to: "" }));
  return [...here, ...shown.filter((each) => !sent.has(each.reference))].filter((each) => each.title);
}

// Where it is told, below what is typed; empty as long as nothing is alike. Who listens is told once that it is there.
export const place = () => h("div", { "data-alike": true });

export async function tell(idea, clinic, main) {
  const { title = "", problem = "" } = idea.answers;
  const found = likest(`${title} ${problem}`, await known(idea, clinic));
  const told = found.map(({ title: name, reference, to, words }) =>
    h("li", {}, to ? link(name, to, "") : h("b", {}, name), " ", h("span", { class: "small muted" }, [reference || say("here"), say("alike_why", { words: words.join(", ") })].join(" · "))),
  );
  const lessons = (clinic.lessons || []).map(([title, text]) => ({ title, text }));
  const learnt = likest(`${title} ${problem}`, lessons).slice(0, LEARNT);
  const taught = learnt.length ? h("div", { class: "notice info small" }, h("p", {}, h("b", {}, say("learnt"))), h("ul", {}, learnt.map(({ text }) => h("li", {}, text)))) : "";
  const box = told.length ? h("div", { class: "notice info small" }, h("p", {}, h("b", {}, say("alike"))), h("ul", {}, told), h("p", {}, say("alike_help"))) : "";
  const where = main.querySelector("[data-alike]");
  const text = (box.textContent || "") + (taught.textContent || "");
  if (!where || where.textContent === text) return;
  if (text && !where.textContent) announce(say(box ? "alike" : "learnt"));
  where.replaceChildren(box, taught);
}
