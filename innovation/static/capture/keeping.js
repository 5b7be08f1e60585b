// Keeping an idea on the device while it is written, whichever tabs have it open, and finishing it.

import { announce, h, notice, say } from "./draw.js";
import { blank, faultsOf, tidied } from "./rules.js";
import { change, uuid } from "./store.js";

const PAUSE = 400;
const plain = ({ answers, photo }) => JSON.stringify([Object.entries(tidied(answers)).sort(), photo ? photo.bytes.byteLength : 0]);

export class Keeping {
  constructor(idea, clinic, page) {
    Object.assign(this, { idea, clinic, page, stamp: idea.stamp, over: false, changed: false, typed: false });
    this.errors = { ...((idea.said && idea.said.errors) || {}) };
    this.queue = Promise.resolve();
  }

  set(name, value, control) {
    this.idea.answers[name] = value;
    this.changed = this.typed = true;
    if (this.errors[name]) {
      delete this.errors[name];
      const told = document.getElementById(`f-${name}-error`);
      if (told) told.remove();
      for (const each of this.main.querySelectorAll(`[name="${name}"]`)) each.removeAttribute("aria-invalid");
    }
    if (control) this.count(name, value);
    this.heard(name);
    this.tell(say("saving"));
    clearTimeout(this.clock);
    this.clock = setTimeout(() => this.save(), PAUSE);
  }

  count(name, value) {
    const place = this.main.querySelector(`[data-left="${name}"]`);
    if (!place) return;
    const left = Number(place.dataset.most) - value.length;
    place.textContent = left < 0 ? say("over", { n: -left }) : left < 60 ? say("left", { n: left }) : "";
    place.classList.toggle("over", left < 0);
  }

  tell(text) {
    const place = this.main && this.main.querySelector("[data-saved]");
    if (place) place.textContent = text;
  }

  // Save what is typed, as a draft. One saving waits for the other. What was only looked at stays as it is: an idea that
  // is ready to go out must not become a draft because somebody went back to it.
  save() {
    clearTimeout(this.clock);
    this.queue = this.queue.then(() => this.saveNow()).catch((error) => this.fail(error));
    return this.queue;
  }

  async saveNow() {
    if (this.over || (this.stamp && !this.changed)) return;
    this.changed = false;
    try {
      await this.keep({ ...this.idea, state: "draft" });
    } catch (error) {
      this.changed = true;
      throw error;
    }
  }

  // The store has been opened before, so what fails now is mostly for want of room.
  fail(error) {
    const text = say(error && error.name === "InvalidStateError" ? "no_store" : "no_room");
    this.tell(text);
    return text;
  }

  // Write the idea down, unless another tab has changed it since this one read it: then what is typed here becomes a
  // draft of its own, and nothing is overwritten. Answers what happened: "kept", "copied", "there", or the
  // reference under which it has arrived.
  async keep(idea) {
    const stamp = uuid();
    let happened = "kept";
    await change("ideas", idea.id, (there) => {
      if (!there || there.stamp === this.stamp) return { ...idea, stamp };
      if (there.state === "arrived") happened = there.reference;
      else happened = plain(there) === plain(idea) ? "there" : "copied";
      return undefined;
    });
    if (happened === "there") return happened;
    if (happened !== "kept") await this.copy(idea, stamp, happened);
    this.stamp = stamp;
    this.tell(say("saved_device"));
    return happened;
  }

  // What arrived from another tab may be the very same, so its writer decides whether this is another idea.
  async copy(idea, stamp, happened) {
    const { answers, photo } = idea;
    this.idea = { ...blank(this.clinic), answers, photo, notice: idea.notice, stamp };
    const asks = happened !== "copied" && { state: "refused", said: { reference: happened } };
    await change("ideas", this.idea.id, () => ({ ...this.idea, ...asks }));
    if (asks) {
      this.over = true;
      return this.page.go("#/");
    }
    this.page.replace(this.to(this.at));
    announce(say("copied"));
    return this.main.prepend(notice("recycle", h("p", {}, say("copied"))));
  }

  move(at) {
    return this.goOn(this.to(at));
  }

  leave() {
    return this.goOn("#/");
  }

  // What could not be saved stands on this screen only, so it is not left.
  async goOn(to) {
    const failed = await this.save();
    if (failed) announce(failed);
    else this.page.go(to);
  }

  // Ready to go out, or back to the first thing that needs another look.
  async finish() {
    if (this.over) return;
    await this.save();
    this.errors = faultsOf(this.clinic, this.idea.answers);
    if (Object.keys(this.errors).length) return this.lookAgain();
    if (this.over) return;
    this.over = true;
    const { said, ...rest } = this.idea;
    const ready = { ...rest, answers: tidied(this.idea.answers), state: "waiting" };
    const happened = await this.keep(ready).catch((error) => this.unkept(error));
    if (happened === "copied") this.over = false;
    if (happened !== "kept" && happened !== "there") return;
    this.page.finished(this.clinic, this.at === "all", say(happened === "there" ? "elsewhere" : "kept"));
  }

  // It could not be written down: said where nobody can miss it, and tried again with the next press.
  unkept(error) {
    this.over = false;
    this.changed = true;
    const told = this.main.querySelector("[data-unkept]");
    if (told) told.remove();
    const box = notice("kill", h("p", {}, this.fail(error)));
    box.dataset.unkept = "";
    this.main.prepend(box);
    box.scrollIntoView();
    return "unkept";
  }

  lookAgain() {
    delete this.idea.said;
    const wrong = Object.keys(this.errors);
    const holds = (screen) => {
      if (screen.questions) return screen.questions.some((asked) => wrong.includes(asked.name));
      const names = screen.owner ? this.clinic.owner : screen.consents ? this.clinic.consents : [{ name: "photo" }];
      return names.some((asked) => wrong.includes(asked.name));
    };
    const found = this.screens.findIndex(holds);
    const at = this.at === "all" || found < 0 ? "all" : found;
    if (at !== this.at) this.page.replace(this.to(at));
    this.render(this.main, at);
    announce(say("look_again"));
  }
}
