// What is asked of whom, and what may leave the device.

import { say } from "./draw.js";
import { uuid } from "./store.js";

export const CHILD_ONLY = ["school", "agreed_by", "relation", "agreed_how"];
export const GROWN_ONLY = ["owner_email", "owner_phone"];

export function blank(clinic) {
  const { version, language } = clinic.notice || {};
  const made = new Date().toISOString();
  const answers = { ...clinic.defaults, ...(clinic.today ? { [clinic.today]: today() } : {}) };
  return { id: uuid(), clinic: clinic.key, state: "draft", answers, photo: null, notice: clinic.notice && { version, language }, made };
}

// The day as the device has it, and not as it is in Greenwich.
function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export const isEmpty = (idea, clinic) =>
  !idea.photo &&
  Object.entries(idea.answers).every(([name, value]) => !value.length || (clinic.defaults || {})[name] === value || name === clinic.today);

// What is missing or must not be, by the name of the field. The site looks at it again.
export function faultsOf(clinic, answers) {
  const found = {};
  const given = (name) => (answers[name] || "").length > 0;
  for (const asked of [...clinic.screens.flat(), ...clinic.besides, ...clinic.owner]) {
    if (asked.required && !given(asked.name)) found[asked.name] = say(asked.kind === "choice" ? "choose" : "needed");
    if (asked.most && (answers[asked.name] || "").length > asked.most) {
      found[asked.name] = say("over", { n: answers[asked.name].length - asked.most });
    }
  }
  const child = answers.under_18 === "yes";
  if (child && /\s/.test((answers.owner_name || "").trim())) found.owner_name = say("first_only");
  if (child && (given("owner_name") || given("school") || given("agreed_by"))) {
    if (!given("agreed_by")) found.agreed_by = say("agreed_needed");
    for (const name of ["relation", "agreed_how"]) if (!given(name)) found[name] = say("choose");
  }
  if (answers.under_18 === "no" && !given("owner_name")) found.owner_name = say("needed");
  for (const asked of consentsFor(clinic, answers)) if (!given(asked.name)) found[asked.name] = say("yes_or_no");
  const reached = !child && (given("owner_email") || given("owner_phone"));
  if (reached && answers.consent_contact === "no") found.consent_contact = say("contact_needed");
  return found;
}

// For a child nobody is contacted, and where nobody agreed for it there is nothing to agree to.
export function consentsFor(clinic, answers) {
  if (answers.under_18 !== "yes") return clinic.consents;
  return answers.agreed_by ? clinic.consents.filter((asked) => asked.name !== "consent_contact") : [];
}

// What is sent: nothing that was typed before it was said that this is a child.
export function tidied(answers) {
  const gone = answers.under_18 === "yes" ? GROWN_ONLY : CHILD_ONLY;
  const kept = Object.entries(answers).filter(([name, value]) => !gone.includes(name) && value.length);
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === "string" ? value.trim() : value]));
}
