"""Rows of a table read as ideas: columns matched by their headings, and every cell checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from email_validator import EmailNotValidError, validate_email

from innovation.ideas import capture
from innovation.ideas.codes import SHARE
from innovation.places.names import fold, province_code
from innovation.places.queries import known_names, known_schools
from innovation.programmes.models import Programme
from innovation.tables import Row
from innovation.values import dataclass
from workflows import CAPTURE, CanvasField

YES, NO = ("yes", "y", "ja", "true", "1", "x", "✓"), ("no", "n", "nee", "false", "0", "")
IMPORTED_TYPES = ("line", "text", "choice", "choices", "money", "number")
# What a table can hold beside the canvas; the words are those that headings of such columns begin with.
BESIDE = {
    "id": ("Number or id", ("id", "no", "number", "idea no", "idea id", "idea number", "reference", "ref", "code")),
    "title": ("Title", ("title", "idea title", "name of idea", "idea name", "idea")),
    "owner_name": ("Owner", ("owner", "idea owner", "innovator", "contact person", "name of owner", "name")),
    "owner_email": ("E-mail", ("email", "e mail", "email address", "owner email")),
    "owner_phone": ("Phone", ("phone", "cell", "cellphone", "mobile", "telephone", "contact number", "tel")),
    "consent": ("Agrees to be contacted", ("consent", "agrees", "agrees to be contacted", "popia")),
    "share": ("Agrees to share with funders", ("share", "share with funders", "agrees to share with funders")),
    "theme": ("Theme", ("theme",)),
    "topic": ("Topic", ("topic", "category", "focus area")),
    "province": ("Province", ("province",)),
    "district": ("District", ("district",)),
}
SITE = "school"
OTHER_WORDS = {
    "problem": ("challenge", "what is the problem", "need", "problem statement"),
    "summary": ("summary", "solution", "description", "idea in one sentence", "the idea in one sentence"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, or in a whole row where ``column`` is empty."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Choice:
    """A target that a column can be matched with."""

    key: str
    name: str
    needed: bool


@dataclass(frozen=True)
class Ready:
    """A row that can be written down."""

    number: int
    key: str
    answers: dict[str, Any]
    owner: capture.Owner


# Matching columns


def targets(programme: Programme) -> list[Choice]:
    """What columns can be matched with, by the canvas of the programme."""
    found = [Choice(key, name, key in ("title", "owner_name")) for key, (name, _words) in _beside(programme).items()]
    found += [Choice(f.key, f.name, f.required_from == CAPTURE) for f in canvas_fields(programme)]
    return found


def _beside(programme: Programme) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What a table can hold beside the canvas, in the programme's words too."""
    words = programme.workflow_version.definition.words
    name, headings = BESIDE["district"]
    found = BESIDE | {"district": (name, tuple(dict.fromkeys((*headings, fold(words.district)))))}
    if words.site_number:
        number = fold(words.site_number)
        first = number.split()[0]
        headings = (fold(words.site), number, first, f"{fold(words.site)} {first}")
        found[SITE] = (f"{words.site} ({words.site_number})", tuple(dict.fromkeys(headings)))
    return found


def canvas_fields(programme: Programme) -> list[CanvasField]:
    definition = programme.workflow_version.definition
    return [f for f in definition.canvas if f.kept_in == "canvas" and f.type in IMPORTED_TYPES]


def guess_columns(programme: Programme, columns: Iterable[str]) -> dict[str, str]:
    """Column headings matched with targets by their words; each target once, unknown headings left out."""
    left = list(columns)
    found: dict[str, str] = {}
    wanted = _wanted(programme)
    for exact in (True, False):
        for key, words in wanted:
            if key in found.values():
                continue
            column = next((c for c in left if _heads(c, words, exact=exact)), None)
            if column is not None:
                found[column] = key
                left.remove(column)
    return found


def _wanted(programme: Programme) -> list[tuple[str, tuple[str, ...]]]:
    canvas = [(f.key, (fold(f.name), fold(f.key), *OTHER_WORDS.get(f.key, ()))) for f in canvas_fields(programme)]
    return [*((key, words) for key, (_name, words) in _beside(programme).items()), *canvas]


def _heads(column: str, words: tuple[str, ...], *, exact: bool) -> bool:
    name = fold(column)
    return name in words if exact else any(len(word) > 3 and name.startswith(f"{word} ") for word in words)


# Checking rows


@dataclass
class Reader:
    """Reads rows into ideas under one matching of columns, and collects what is wrong."""

    programme: Programme
    mapping: Mapping[str, str]
    all_agree: bool = False
    faults: list[Fault] = field(default_factory=list)
    _schools: set[str] = field(default_factory=set)

    def read(self, rows: Sequence[Row]) -> Iterator[tuple[int, Ready]]:
        """The rows without a fault and their positions; a row that stands twice in the table counts once."""
        seen: dict[str, int] = {}
        self._look_up_schools(rows)
        for at, row in enumerate(rows):
            ready = self._row(row)
            if ready is None:
                continue
            if ready.key in seen:
                message = f"The same idea stands in row {seen[ready.key]} already."
                self.faults.append(Fault(row.number, "", message))
                continue
            seen[ready.key] = row.number
            yield at, ready

    def _look_up_schools(self, rows: Sequence[Row]) -> None:
        """The schools that the table names, in a few questions instead of one for each row."""
        columns = [column for column, key in self.mapping.items() if key == "school"]
        named = {row.values.get(column, "").strip() for row in rows for column in columns} - {""}
        self._schools = known_schools(named)

    def _row(self, row: Row) -> Ready | None:
        cells = {key: row.values.get(column, "").strip() for column, key in self.mapping.items()}
        before = len(self.faults)
        if row.beyond:
            told = " ".join(row.beyond)[:60]
            self.faults.append(Fault(row.number, "", f"“{told}” stands beyond the last heading. Is a comma too many?"))
        given = ((f.key, self._answer(row, f, cells.get(f.key, ""))) for f in self._fields)
        answers = {key: value for key, value in given if value is not None}
        answers["title"] = self._text(row, "title", cells.get("title", ""), most=120, needed=True)
        owner = self._owner(row, cells)
        for key, table in (("theme", self._themes), ("topic", self._topics)):
            answers[key] = self._listed(row, key, cells.get(key, ""), table)
        answers["where"] = self._where(row, cells)
        if len(self.faults) > before:
            return None
        return Ready(row.number, _key(cells, answers, owner), answers, owner)

    def _fault(self, row: Row, key: str, message: str) -> None:
        column = next((column for column, target in self.mapping.items() if target == key), "")
        self.faults.append(Fault(row.number, column, message))

    def _text(self, row: Row, key: str, value: str, *, most: int, needed: bool) -> str:
        if needed and not value:
            self._fault(row, key, "This is empty.")
        if len(value) > most:
            self._fault(row, key, f"This has {len(value)} characters; at most {most} fit.")
        return value

    def _answer(self, row: Row, asked: CanvasField, value: str) -> Any:
        if not value:
            if asked.required_from == CAPTURE:
                named = asked.key in self.mapping.values()  # else no column says what is empty
                self._fault(row, asked.key, "This is empty." if named else f"{asked.name}: this is empty.")
            return None
        if asked.type in ("choice", "choices"):
            return self._chosen(row, asked, value)
        if asked.type in ("money", "number"):
            return self._number(row, asked, value)
        return self._text(row, asked.key, value, most=asked.max_length or 20_000, needed=False)

    def _chosen(self, row: Row, asked: CanvasField, value: str) -> Any:
        names = {fold(c.name): c.key for c in asked.choices} | {fold(c.key): c.key for c in asked.choices}
        names |= {fold(c.name.partition("(")[0]): c.key for c in asked.choices}
        parts = re.split(r"[;,/|]", value) if asked.type == "choices" else [value]
        keys = [names.get(fold(part)) for part in parts if part.strip()]
        if None in keys:
            offered = ", ".join(c.name for c in asked.choices)
            self._fault(row, asked.key, f"“{value[:60]}” is not among the choices: {offered}.")
            return None
        return keys if asked.type == "choices" else keys[0]

    def _number(self, row: Row, asked: CanvasField, value: str) -> Any:
        plain = re.sub(r"[\s\u00a0R]|,(?=\d{3}\b)", "", value).replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", plain):
            self._fault(row, asked.key, f"“{value[:40]}” is not a number.")
            return None
        return round(float(plain) * 100) if asked.type == "money" else float(plain)

    def _owner(self, row: Row, cells: Mapping[str, str]) -> capture.Owner:
        name = self._text(row, "owner_name", cells.get("owner_name", ""), most=120, needed=True)
        agrees = self.all_agree or self._yes(row, "consent", cells.get("consent", ""))
        shares = self._yes(row, "share", cells.get("share", ""))
        consents = (("contact",) if agrees else ()) + ((SHARE,) if shares else ())
        email, phone = cells.get("owner_email", ""), cells.get("owner_phone", "")
        if email and not _is_email(email):
            self._fault(row, "owner_email", f"“{email[:60]}” is not an e-mail address.")
        if phone and not re.fullmatch(r"\+?[0-9 ()/-]{7,24}", phone):
            self._fault(row, "owner_phone", f"“{phone[:40]}” is not a phone number.")
        return capture.Owner(name, email if agrees else "", phone if agrees else "", consents)

    def _yes(self, row: Row, key: str, value: str) -> bool:
        if value.lower() not in YES + NO:
            self._fault(row, key, f"“{value[:40]}” is neither yes nor no.")
        return value.lower() in YES

    def _listed(self, row: Row, key: str, value: str, known: Mapping[str, int]) -> int | None:
        if not value:
            return None
        found = known.get(fold(value))
        if found is None:
            self._fault(row, key, f"“{value[:60]}” is not among the programme's {key}s.")
        return found

    def _where(self, row: Row, cells: Mapping[str, str]) -> tuple[int | None, str | None]:
        district, emis = cells.get("district", ""), cells.get("school", "")
        code = self._province(row, cells.get("province", ""))
        place = self._district(row, code, district) if district else None
        if emis and emis not in self._schools:
            self._fault(
                row,
                "school",
                f"The register has no {self.programme.workflow_version.definition.words.site_number} {emis[:20]}.",
            )
        return place, emis or None

    def _province(self, row: Row, province: str) -> str | None:
        code = province_code(province) if province else None
        if province and code is None:
            self._fault(row, "province", f"“{province[:40]}” is not a province.")
        return code

    def _district(self, row: Row, code: str | None, district: str) -> int | None:
        name = fold(re.sub(r"\bdistrict\b", "", district, flags=re.IGNORECASE))
        found = {d for (where, known), d in self._districts.items() if known == name and code in (None, where)}
        if len(found) != 1:
            what = "is in several provinces: add the province" if found else "is not a district of today or before"
            self._fault(row, "district", f"“{district[:60]}” {what}.")
            return None
        return found.pop()

    @cached_property
    def _fields(self) -> list[CanvasField]:
        return canvas_fields(self.programme)

    @cached_property
    def _districts(self) -> dict[tuple[str, str], int]:
        return known_names()

    @cached_property
    def _themes(self) -> dict[str, int]:
        return {name: t.id for t in self.programme.themes for name in (fold(t.name), fold(t.key))}

    @cached_property
    def _topics(self) -> dict[str, int]:
        return {name: t.id for t in self.programme.topics for name in (fold(t.name), fold(t.key))}


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _key(cells: Mapping[str, str], answers: Mapping[str, Any], owner: capture.Owner) -> str:
    """What makes a row the same row next time: its own number, else what it says."""
    if cells.get("id"):
        told = f"id|{cells['id'].lower()}"
    else:
        told = "|".join(("row", fold(answers["title"]), fold(answers.get("problem", "")), fold(owner.name)))
    return hashlib.sha256(told.encode()).hexdigest()[:40]
