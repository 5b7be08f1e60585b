// Asking for one idea: a question a screen, or all on one.

import { place, tell } from "./alike.js";
import { button, h, link, notice, say } from "./draw.js";
import { Keeping } from "./keeping.js";
import { asAddress, shrink } from "./photo.js";
import { CHILD_ONLY, consentsFor, GROWN_ONLY } from "./rules.js";
import { remove } from "./store.js";

const COMPARED = ["title", "problem"]; // which of the answers are held against other ideas

export class Asking extends Keeping {
  constructor(idea, clinic, page) {
    super(idea, clinic, page);
    this.screens = [...clinic.screens.map((questions) => ({ questions })), { photo: true }];
    if (clinic.owner.length) this.screens.push({ owner: true }, { consents: true });
  }

  render(main, at) {
    this.main = main;
    this.at = at === "all" ? "all" : Math.min(Math.max(Number(at) || 0, 0), this.screens.length - 1);
    main.className = this.at === "all" ? "wide" : "";
    main.replaceChildren(this.at === "all" ? this.whole() : this.one(this.screens[this.at], this.at));
    const bad = main.querySelector("[aria-invalid]");
    const first = bad || (this.at === "all" ? main.querySelector("input, select, textarea") : main.querySelector("h1"));
    if (first) first.focus();
    tell(this.idea, this.clinic, main);
  }

  to(at) {
    return `#/idea/${this.idea.id}/${at}`;
  }

  // Screens

  one(screen, at) {
    const last = at === this.screens.length - 1;
    const all = this.screens.length;
    const go = (event) => {
      event.preventDefault();
      return last ? this.finish() : this.move(at + 1);
    };
    return h(
      "form",
      { class: "stack asking", novalidate: true, on: { submit: go } },
      h("div", { class: "row spread small muted" }, h("span", {}, say("question", { n: at + 1, all })), this.saved()),
      h("progress", { max: all, value: at + 1, "aria-label": say("question", { n: at + 1, all }) }),
      this.trouble(),
      this.inside(screen),
      h(
        "div",
        { class: "row spread" },
        button(say("back"), () => (at ? this.move(at - 1) : this.leave()), "quiet"),
        h("button", { type: "submit", class: "button" }, say(last ? "finish" : "next")),
      ),
      h("p", { class: "small row spread ways" }, link(say("fast"), this.to("all"), ""), this.throwAway()),
    );
  }

  whole() {
    const go = (event) => {
      event.preventDefault();
      return this.finish();
    };
    const quick = (event) => (event.key === "Enter" && (event.ctrlKey || event.metaKey) ? go(event) : null);
    const title = h("div", { class: "row spread" }, h("h1", { tabindex: "-1" }, say("new")), this.saved());
    const part = (title, ...inside) => h("div", { class: "card stack loose" }, title && h("h2", {}, title), inside);
    const last = h("div", { class: "row spread" }, h("button", { type: "submit", class: "button" }, say("finish_next")), this.throwAway());
    const slow = this.page.whole ? null : h("p", { class: "small ways" }, link(say("slow"), this.to(0), ""));
    const form = (...inside) => h("form", { class: "stack loose asking whole", novalidate: true, on: { submit: go, keydown: quick } }, title, this.trouble(), inside, last, slow);
    if (this.page.whole) {
      const groups = this.clinic.screens.map((group, at) => part((this.clinic.titles || [])[at], group.map((each) => this.field(each))));
      return form(groups, part("", this.photo(false)));
    }
    const asked = this.clinic.screens.flat();
    const more = [...asked.filter((each) => !each.required), ...this.clinic.besides];
    const open = more.some((each) => this.errors[each.name]);
    return form(
      part(
        "",
        asked.filter((each) => each.required).map((each) => this.field(each)),
        place(),
        h("details", { class: "more", open }, h("summary", {}, say("more")), h("div", { class: "stack loose" }, more.map((each) => this.field(each)))),
        this.photo(false),
      ),
      h("div", { class: "stack loose" }, part(say("who"), this.owner()), part(say("agree"), this.consents())),
    );
  }

  inside(screen) {
    if (screen.photo) return this.photo(true);
    if (screen.owner) return [this.heading(say("who")), this.owner()];
    if (screen.consents) return [this.heading(say("agree")), this.consents()];
    const [first, ...others] = screen.questions;
    const headed = ["text", "line"].includes(first.kind);
    return [headed ? this.headed(first) : this.field(first), others.map((asked) => this.field(asked))];
  }

  heading(text, id) {
    return h("h1", { id, tabindex: "-1" }, text);
  }

  headed(asked) {
    const id = `f-${asked.name}`;
    const alike = COMPARED.includes(asked.name) ? place() : null;
    return h("div", { class: "field" }, this.heading(asked.label, `${id}-label`), this.notes(asked), this.typing(asked, `${id}-label`), this.left(asked), alike);
  }

  owner() {
    const part = h("div", { class: "stack loose" });
    const draw = () => {
      const gone = { yes: GROWN_ONLY, no: CHILD_ONLY }[this.idea.answers.under_18] || [...GROWN_ONLY, ...CHILD_ONLY, "owner_name"];
      const asked = this.clinic.owner.filter((each) => !gone.includes(each.name));
      const child = this.idea.answers.under_18 === "yes";
      part.replaceChildren(
        ...asked.map((each) => (each.name === "under_18" ? this.field(each, () => (draw(), this.main.querySelector("[name=under_18]:checked").focus())) : this.field(each))),
        child ? h("p", { class: "small muted" }, say("for_child")) : "",
      );
    };
    draw();
    return part;
  }

  // What there is to agree to depends on who has the idea, and on whether somebody agreed for a child.
  heard(name) {
    if (COMPARED.includes(name)) this.compare();
    const place = this.main.querySelector("[data-consents]");
    if (!place || !["under_18", "agreed_by"].includes(name)) return;
    const asked = consentsFor(this.clinic, this.idea.answers).length;
    if (Number(place.dataset.consents) !== asked) place.replaceWith(this.consents());
  }

  compare() {
    clearTimeout(this.late);
    this.late = setTimeout(() => tell(this.idea, this.clinic, this.main), 500);
  }

  consents() {
    const { paragraphs, english, language, version, is_draft: draft } = this.clinic.notice;
    const told = (texts, lang) => h("div", { class: "stack", lang }, texts.map((text) => h("p", {}, text)));
    const asked = consentsFor(this.clinic, this.idea.answers);
    this.idea.notice = { version, language }; // as it is shown, and not as it was when the idea was begun
    return h(
      "div",
      { class: "stack loose", "data-consents": asked.length },
      h(
        "section",
        { class: "notice info small" },
        h("h2", {}, say("notice"), " ", h("span", { class: "muted" }, say("version", { n: version }))),
        draft ? h("p", {}, say("draft_notice")) : null,
        h("div", { class: "columns" }, told(paragraphs, language), english ? told(english, "en") : null),
      ),
      asked.length ? h("p", { class: "small muted" }, say("agree_help")) : h("p", {}, say("nothing_to_agree")),
      asked.map((each) => this.field(each)),
    );
  }

  photo(alone) {
    const place = h("div", { class: "stack" });
    const draw = async () => {
      const { photo } = this.idea;
      const picture = photo && h("img", { class: "sketch", alt: say("photo_alt"), src: await asAddress(new Blob([photo.bytes], { type: photo.type })) });
      const pick = h("input", { type: "file", id: "f-photo", accept: "image/*", "aria-describedby": "f-photo-help", on: { change: (event) => take(event.target.files[0]) } });
      place.replaceChildren(
        ...(picture ? [picture, button(say("photo_remove"), () => take(null), "quiet small")] : [h("label", { for: "f-photo" }, say("photo_add")), pick]),
        this.errors.photo ? this.error("photo") : "",
      );
    };
    const take = async (file) => {
      delete this.errors.photo;
      try {
        this.idea.photo = file ? await shrink(file) : null;
        this.changed = true;
      } catch (error) {
        this.errors.photo = say("photo_bad");
      }
      await this.save();
      await draw();
    };
    draw();
    const title = alone ? this.heading(say("sketch")) : h("h2", {}, say("sketch"));
    return h("div", { class: "stack" }, title, h("p", { class: "muted", id: "f-photo-help" }, say("sketch_help")), place);
  }

  // Fields

  field(asked, after) {
    const id = `f-${asked.name}`;
    if (asked.kind === "choice" || asked.kind === "choices") {
      return h(
        "fieldset",
        { class: "field", "aria-describedby": this.described(asked) },
        h("legend", {}, asked.label, this.optional(asked)),
        this.notes(asked),
        h("div", { class: "picks" }, asked.options.map(([value, label]) => this.option(asked, value, label, after))),
      );
    }
    return h("div", { class: "field" }, h("label", { for: id }, asked.label, this.optional(asked)), this.notes(asked), this.typing(asked), this.left(asked));
  }

  optional(asked) {
    const plain = asked.required || asked.plain || asked.name.startsWith("consent_") || ["owner_name", ...CHILD_ONLY].includes(asked.name);
    return plain ? null : h("span", { class: "optional" }, ` (${say("optional")})`);
  }

  option(asked, value, label, after) {
    const several = asked.kind === "choices";
    const { answers } = this.idea;
    const checked = several ? (answers[asked.name] || []).includes(value) : answers[asked.name] === value;
    const pick = (event) => {
      const now = answers[asked.name] || [];
      const next = several && (event.target.checked ? [...now, value] : now.filter((each) => each !== value));
      this.set(asked.name, several ? next : value);
      if (after) after();
    };
    const type = several ? "checkbox" : "radio";
    const invalid = this.errors[asked.name] ? "true" : null;
    return h("label", { class: "pick" }, h("input", { type, name: asked.name, value, checked, "aria-invalid": invalid, on: { change: pick } }), h("span", {}, label));
  }

  typing(asked, labelled) {
    const name = asked.name;
    const common = {
      id: `f-${name}`,
      name,
      "aria-labelledby": labelled,
      "aria-describedby": this.described(asked),
      "aria-invalid": this.errors[name] ? "true" : null,
      on: { input: (event) => this.set(name, event.target.value, event.target), change: (event) => this.set(name, event.target.value) },
    };
    const value = this.idea.answers[name] || "";
    if (asked.kind === "list") {
      return h("select", common, asked.options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)));
    }
    if (asked.kind === "text") return h("textarea", { ...common, rows: labelled ? 5 : 3, value });
    const type = { line: "text", number: "text" }[asked.kind] || asked.kind;
    return h("input", { ...common, type, autocomplete: "off", inputmode: asked.kind === "number" ? "decimal" : null, value });
  }

  described(asked) {
    const ids = [asked.help && `f-${asked.name}-help`, this.errors[asked.name] && `f-${asked.name}-error`];
    return ids.filter(Boolean).join(" ") || null;
  }

  notes(asked) {
    const help = asked.help ? h("p", { class: "help", id: `f-${asked.name}-help` }, asked.help) : null;
    const english = asked.english ? h("p", { class: "help", lang: "en" }, asked.english) : null;
    return [help, english, this.errors[asked.name] ? this.error(asked.name) : null];
  }

  error(name) {
    return h("p", { class: "error", id: `f-${name}-error` }, [].concat(this.errors[name]).join(" "));
  }

  left(asked) {
    return asked.most ? h("p", { class: "left", "data-left": asked.name, "data-most": asked.most }) : null;
  }

  trouble() {
    const wrong = Object.keys(this.errors);
    const { said } = this.idea;
    if (!wrong.length && !(said && said.why)) return null;
    return notice("kill", h("h2", {}, say("look_again")), said && said.why ? h("p", {}, said.why) : null);
  }

  saved() {
    return h("span", { "data-saved": true }, this.stamp ? say("saved_device") : "");
  }

  throwAway() {
    return this.page.confirmed(say("discard"), say("discard_sure"), async () => {
      clearTimeout(this.clock);
      await remove("ideas", this.idea.id);
      this.over = true;
      this.page.replace("#/"); // nothing leads back to what was thrown away
      this.page.go("#/");
    });
  }
}
