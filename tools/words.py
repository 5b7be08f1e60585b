"""The catalogues of what participants read: brought up to date from the code, with a list of what is missing.

``make words`` writes ``innovation/translations/messages.pot`` and every ``messages.po`` below it. It takes no
translation away but of what is no longer said, and guesses none.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from innovation.clinics.agenda import RUN_SHEET
from innovation.languages import DRAFT, LANGUAGES, TRANSLATIONS
from innovation.programmes.own_words import texts_of_process
from workflows import library_definition

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = TRANSLATIONS / "messages.pot"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HOLDERS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

# Whole files of what participants see. A new page for them is added here, with the module that holds its words.
PAGES = (
    "innovation/clinics/capture_page_views.py",
    "innovation/clinics/capture_words.py",
    "innovation/clinics/card_paper.py",
    "innovation/clinics/join_forms.py",
    "innovation/clinics/packet.py",
    "innovation/clinics/slip_paper.py",
    "innovation/clinics/wall_views.py",
    "innovation/ideas/claim_views.py",
    "innovation/ideas/consent_words.py",
    "innovation/ideas/forms/answers.py",
    "innovation/ideas/slips.py",
    "templates/clinics/capture_page.html",
    "templates/clinics/dots.html",
    "templates/clinics/dots_now.html",
    "templates/clinics/join.html",
    "templates/clinics/join_form.html",
    "templates/clinics/join_room.html",
    "templates/clinics/notice_text.html",
    "templates/clinics/poster.html",
    "templates/clinics/wall.html",
    "templates/clinics/wall_now.html",
    "templates/clinics/wall_parts.html",
    "templates/errors/404.html",
    "templates/errors/429.html",
    "templates/errors/error.html",
    "templates/ideas/claim.html",
    "templates/ideas/claim_ended.html",
    "templates/ideas/claim_known.html",
    "templates/ideas/claim_over.html",
    "templates/ideas/claim_sent.html",
    "templates/ideas/slip_paper.html",
    "templates/ideas/status.html",
    "templates/ideas/status_found.html",
    "templates/macros/languages.html",
    "templates/messages/claim.subject",
    "templates/messages/claim.txt",
    "templates/messages/letter.html",
    "templates/messages/letter.txt",
    "templates/phone_page.html",
)
# Of files that staff pages share, what participants see too, by how it begins.
PARTS: dict[str, tuple[str, ...]] = {
    "innovation/accounts/forms.py": ("New password", "At least 10"),
    "innovation/forms.py": ("Please fill", "Please keep"),
    "innovation/ideas/capture_forms.py": (
        "Write an e-mail",
        "Write a number",
        "E-mail",
        "Phone",
        "Reference",
        "Such as",
        "Secret",
        "Eight letters",
        "Your name",
    ),
    "innovation/ideas/forms/canvas.py": ("Not known yet",),
    "innovation/problems.py": ("Something needs",),
    "templates/base.html": ("Skip to", "About this site", "Demonstration", "Sign in", "Every idea keeps", "Printed"),
    "templates/macros/forms.html": ("Please look", "Not now", "Everything you typed", "optional"),
    "templates/macros/line.html": (
        "passed",
        "is here now",
        "on hold here",
        "stopped here",
        "left here",
        "withdrawn here",
        "to come",
        "not on its way",
        "The journey",
    ),
    "templates/macros/things.html": (
        "%(standing)s",
        "On hold",
        "Stopped",
        "Merged",
        "Referred",
        "Withdrawn",
        "Print",
    ),
}
# Modules below the web say why something cannot be done in plain sentences, translated where they are shown.
SENTENCES: dict[str, tuple[str, ...]] = {
    "innovation/accounts/passwords.py": ("",),
    "innovation/clinics/phones.py": ("This phone may",),
    "innovation/clinics/dots.py": ("",),
    "innovation/clinics/room_capture.py": ("The notice that", "This phone has sent", "This clinic has been reported"),
    "innovation/clinics/rounds.py": ("This round", "There is no such"),
    "innovation/clinics/wall_views.py": ("This vote",),
    "innovation/clinics/rooms.py": ("No clinic can", "A new code", "So many phones"),
    "innovation/ideas/capture.py": ("This clinic",),
    "innovation/ideas/claims.py": ("No idea fits", "Nobody has", "Somebody under", "The owner", "Write the", "This "),
    "innovation/ideas/filecheck.py": ("This picture cannot", "This file is empty"),
    "innovation/ideas/status.py": ("",),
    "innovation/ideas/young.py": ("",),
}  # fmt: skip
PROCESS = "education"  # the process whose questions and stages come translated; others are translated in the programme

Said = str | tuple[str, str]
Words = str | tuple[str, ...] | list[str]  # a message as a catalogue holds it


def said_in_code() -> dict[Said, list[tuple[str, int]]]:
    """Everything that participants are told, and where."""
    found: dict[Said, list[tuple[str, int]]] = {}
    for name, line, message in [*_in_pages(), *_in_sentences(), *_in_run_sheet(), *_in_process()]:
        found.setdefault(message, []).append((name, line))
    return found


def _in_pages() -> Iterator[tuple[str, int, Said]]:
    for name in sorted({*PAGES, *PARTS}):
        reader = "python" if name.endswith(".py") else "jinja2.ext:babel_extract"
        options = {"extensions": "jinja2.ext.do", "silent": "false"}
        with (ROOT / name).open("rb") as file:
            for line, message, _comments, _context in extract(reader, file, KEYWORDS, (), options):
                first = message if isinstance(message, str) else message[0]
                if first and (name in PAGES or first.startswith(PARTS[name])):
                    yield name, line, message if isinstance(message, str) else (message[0], message[1])


def _in_sentences() -> Iterator[tuple[str, int, Said]]:
    for name, beginnings in SENTENCES.items():
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in notes or not isinstance(node.value, str):
                continue
            if node.value.endswith((".", "?")) and " " in node.value and node.value.startswith(beginnings):
                yield name, node.lineno, node.value


def _in_run_sheet() -> Iterator[tuple[str, int, Said]]:
    yield from (("innovation/clinics/agenda.py", 0, what) for _minutes, what in RUN_SHEET)


def _in_process() -> Iterator[tuple[str, int, Said]]:
    name = f"workflows/library/{PROCESS}.toml"
    yield from ((name, 0, text) for _what, text in texts_of_process(library_definition(PROCESS)) if text)


def holders(text: str) -> list[str]:
    """The places in a message that values are put into."""
    return sorted(set(HOLDERS.findall(text)))


def template() -> Catalog:
    """All of it as a catalogue without translations."""
    made = Catalog(project="gatehouse", charset="utf-8", fuzzy=False)
    made.header_comment = "# What participants read in Gatehouse. Made by `make words`; change the code, not this file."
    for message, places in said_in_code().items():
        made.add(message, locations=[(name, 0) for name in dict.fromkeys(name for name, _line in places)])
    return made


def path_of(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language)
    made = Catalog(locale=language, project="gatehouse", charset="utf-8", fuzzy=False)
    made.header_comment = "\n".join(
        (
            f"# {LANGUAGES[language]} for what participants read in Gatehouse.",
            f"# {DRAFT}: to be reviewed by a speaker of the language. Take this line away when that is done.",
        )
    )
    made.last_translator = f"{DRAFT}, for review"
    return made


def missing(language: str) -> list[str]:
    """What is not translated yet, has other places for values than the English, or not every plural of the language."""
    catalogue = read(language)
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not is_whole(message.id, message.string, catalogue.num_plurals)
    ]


def is_whole(said: Words, told: Words | None, plurals: int) -> bool:
    texts = [told] if isinstance(told, str) else list(told or ("",))
    wanted = holders(said if isinstance(said, str) else said[-1])
    return len(texts) == (1 if isinstance(said, str) else plurals) and all(
        text and holders(text) == wanted for text in texts
    )


def write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)


def main() -> int:
    every = template()
    every.creation_date = read("zu").creation_date if path_of("zu").exists() else every.creation_date
    write(every, TEMPLATE)
    for language in (code for code in LANGUAGES if code != "en"):
        catalogue = read(language)
        catalogue.update(every, no_fuzzy_matching=True, update_header_comment=False)
        write(catalogue, path_of(language))
        lacking = missing(language)
        print(f"{LANGUAGES[language]}: {len(catalogue) - len(lacking)} of {len(catalogue)} translated")
        for text in lacking if "--list" in sys.argv else lacking[:5]:
            print(f"  {text}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
