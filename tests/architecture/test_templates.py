"""House rules for templates: a strict content policy, and every visible string translatable."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, nodes

from tests.architecture.tree import EXPRESSION, ROOT, at, files, markup

PAGES = [path for path in files("templates", suffixes=(".html",)) if "messages" not in path.parts]
SPOKEN = files("templates", suffixes=(".html", ".txt", ".subject"))
SPOKEN_ATTRIBUTES = (
    "placeholder",
    "title",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "alt",
    "data-confirm",
)
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
UNTRANSLATED_NAMES = {"Gatehouse"}
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+(?:[ ,.?!:’'-]|$)")


def has_words(text: str) -> bool:
    """True when the text says something by itself, beside expressions, numbers and the name of the application."""
    return any(word not in UNTRANSLATED_NAMES for word in WORD.findall(text.replace(EXPRESSION, " ")))


def test_pages_have_no_inline_style_or_script() -> None:
    """The content policy forbids them, so that injected markup can neither run nor disguise itself."""
    offenders = []

    for path in PAGES:
        for line, tag, attributes in markup(path).tags:
            inline = [name for name in attributes if name == "style" or name.startswith(("on", "hx-on"))]
            inline += [
                name for name, value in attributes.items() if value.strip().lower().startswith(("javascript:", "js:"))
            ]
            if tag == "style" or (
                tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")
            ):
                inline.append(tag)
            offenders += [f"{at(path, line)} {name}" for name in inline]

    assert offenders == [], "use a component class of gatehouse.css, or a data- attribute and gatehouse.js"


def test_texts_of_templates_are_translatable() -> None:
    """A bare word in a template stays English for everybody, for ever."""
    offenders = [
        f"{at(path, line)} {text[:50]!r}" for path in SPOKEN for line, text in markup(path).texts if has_words(text)
    ]

    assert offenders == [], 'write {{ _("...") }}'


def test_spoken_attributes_are_translatable() -> None:
    """Placeholders, titles and labels are read out or shown as well."""
    offenders = [
        f"{at(path, line)} {name}={attributes[name]!r}"
        for path in SPOKEN
        for line, tag, attributes in markup(path).tags
        for name in (
            *SPOKEN_ATTRIBUTES,
            *(["value"] if tag == "input" and attributes.get("type") in {"submit", "button"} else []),
        )
        if has_words(attributes.get(name, ""))
    ]

    assert offenders == [], 'write name="{{ _("...") }}"'


def test_sentences_inside_expressions_are_translatable() -> None:
    """A sentence handed to a macro is shown as much as one in the text."""
    offenders = [
        f"{at(path, constant.lineno)} {constant.value[:50]!r}"
        for path in SPOKEN
        for constant in _bare_strings(path)
        if SENTENCE.match(constant.value) and constant.value not in UNTRANSLATED_NAMES
    ]

    assert offenders == [], 'write _("...")'


def _bare_strings(path: Path) -> list[nodes.Const]:
    """The strings in the expressions of a template that no translator is asked for, and that are not keys."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    tree = environment.parse(path.read_text(encoding="utf-8"))
    translated = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        for constant in call.find_all(nodes.Const)
    }
    keys = {id(pair.key) for pair in tree.find_all(nodes.Pair)}
    keys |= {id(constant) for asked in tree.find_all(nodes.Compare) for constant in asked.find_all(nodes.Const)}
    constants = [constant for constant in tree.find_all(nodes.Const) if isinstance(constant.value, str)]
    return [constant for constant in constants if id(constant) not in translated | keys]


def test_pages_are_there_to_be_checked() -> None:
    """The rules above hold of nothing when the folder has moved."""
    assert (ROOT / "templates" / "base.html") in PAGES
