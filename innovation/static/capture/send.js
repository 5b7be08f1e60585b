// Sending what waits: one tab at a time, and each idea under its own key, so that it arrives once.

import { say } from "./draw.js";
import { all, change, get, put, storeName, uuid } from "./store.js";

const PATIENCE = 120_000;
const LEASE = 150_000;
const MOST_IN_TROUBLE = 3; // that the site could not take now, before the rest of them waits, too
const me = uuid();
const putOff = new Set(); // by their keys: what met trouble goes last, so that it keeps none behind it

// Send all that waits. Answers {busy} when another tab sends, else {sent, trouble, wait}.
export async function sendAll(urls, told) {
  let result = { busy: true };
  await underLock(async (renew) => {
    result = await sendEach(urls, told, renew);
  });
  return result;
}

async function underLock(act) {
  if (navigator.locks) {
    return navigator.locks.request(`${storeName()}-send`, { ifAvailable: true }, (lock) => (lock ? act(() => {}) : null));
  }
  const take = (lease) => (lease && lease.owner !== me && lease.until > Date.now() ? undefined : mine());
  const mine = () => ({ key: "sending", owner: me, until: Date.now() + LEASE });
  const lease = await change("kept", "sending", take);
  if (lease.owner !== me) return null;
  try {
    return await act(() => put("kept", mine()));
  } finally {
    await put("kept", { key: "sending", owner: "", until: 0 });
  }
}

async function sendEach(urls, told, renew) {
  const waiting = (await all("ideas")).filter((idea) => idea.state === "waiting");
  const later = (idea) => Number(putOff.has(idea.id));
  waiting.sort((a, b) => later(a) - later(b) || (a.made < b.made ? -1 : 1));
  const result = { sent: 0, trouble: "", wait: 0 };
  let left = waiting.length;
  let troubled = 0;
  for (const idea of waiting) {
    const clinic = await get("clinics", idea.clinic);
    if (!clinic || !clinic.token || clinic.shut) continue;
    await renew();
    const answer = await deliver(urls.ideas, clinic.token, idea, left - 1);
    if (answer.kind === "arrived") {
      await arrive(idea, answer.told);
      left -= 1;
      result.sent += 1;
    } else if (answer.kind === "refused") {
      await giveBack(idea, answer.told);
      left -= 1;
    } else if (answer.kind === "shut") {
      await change("clinics", clinic.key, (kept) => kept && { ...kept, shut: true });
    } else {
      result.trouble = answer.kind;
      result.wait = Math.max(result.wait, answer.wait || 0);
      troubled += 1;
      putOff.add(idea.id);
      if (!answer.alone || troubled === MOST_IN_TROUBLE) {
        await told();
        break;
      }
    }
    await told();
  }
  return result;
}

// What became of one sending: arrived, refused (with what to mend), shut, wait, or away. What a network in between says,
// such as the sign-in page of a hotel, is no answer of the site's. A wait may be for this one alone, as for a photo while
// the store of files is away: the next one is tried as well.
async function deliver(url, token, idea, waiting) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: bodyOf(idea, waiting),
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      credentials: "omit",
      cache: "no-store",
      signal: stop.signal,
    });
    const kind = answer.headers.get("Content-Type") || "";
    const told = kind.includes("json") ? await answer.json() : null;
    if (answer.status === 413) return { kind: "refused", told: { detail: say("too_large"), status: 413 } }; // or a proxy's
    if (answer.ok && told && told.reference) return { kind: "arrived", told };
    if (!told || !kind.includes("problem+json")) return { kind: "away" };
    if (answer.status === 401) return { kind: "shut" };
    if (answer.status === 429 || answer.status >= 500) {
      const wait = Number(answer.headers.get("Retry-After")) || 30;
      return { kind: "wait", wait, alone: answer.status >= 500 };
    }
    return { kind: "refused", told };
  } catch (error) {
    return { kind: "away" };
  } finally {
    clearTimeout(clock);
  }
}

export function bodyOf(idea, waiting) {
  const body = new FormData();
  body.append("form_key", idea.id);
  body.append("waiting", waiting);
  if (idea.notice) {
    body.append("notice_version", idea.notice.version);
    body.append("notice_language", idea.notice.language);
  }
  for (const [name, value] of Object.entries(idea.answers)) {
    for (const each of Array.isArray(value) ? value : [value]) body.append(name, each);
  }
  if (idea.photo) body.append("photo", new Blob([idea.photo.bytes], { type: idea.photo.type }), "sketch.jpg");
  return body;
}

// It is there: of the person nothing stays on the device but the title, the reference and the secret of the slip. If it
// was changed here while it was under way, its writer decides what becomes of the other words.
function arrive(sent, told) {
  const slip = { reference: told.reference, secret: told.secret, at: new Date().toISOString() };
  if (told.onward) slip.onward = told.onward; // what has to be done next, on a page that needs a signal
  return change("ideas", sent.id, (kept) => {
    if (kept && kept.stamp !== sent.stamp && kept.state !== "arrived") {
      return { ...kept, ...slip, state: "refused", said: { reference: told.reference }, stamp: uuid() };
    }
    return { id: sent.id, clinic: sent.clinic, state: "arrived", title: told.title, stamp: uuid(), ...slip };
  });
}

function giveBack(sent, told) {
  const said = { why: told.detail, status: told.status, errors: told.errors || {}, reference: told.reference };
  return change("ideas", sent.id, (kept) =>
    kept && kept.stamp === sent.stamp ? { ...kept, state: "refused", said, stamp: uuid() } : undefined,
  );
}
