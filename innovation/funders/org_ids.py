"""Organisation identifiers by the list they come from (org-id.guide), and what is doubtful about one."""

from __future__ import annotations

import re

NUMBERS = {
    "ZA-NPO": re.compile(r"\d{2,3}-\d{3}"),
    "ZA-CIP": re.compile(r"\d{4}-\d{6}-\d{2}"),
    "ZA-CIT": re.compile(r"[01239]\d{9}"),
    "ZA-COA": re.compile(r".+"),
    "GB-CHC": re.compile(r"\d{6,7}"),
    "GB-COH": re.compile(r"[0-9A-Z]{2}\d{6}"),
    "GB-SC": re.compile(r"SC\d{6}"),
    "GB-NIC": re.compile(r"1\d{5}"),
    "GB-REV": re.compile(r".+"),
    "GB-LAE": re.compile(r"[A-Z]{3}"),
    "US-EIN": re.compile(r"\d{2}-?\d{7}"),
    "XI-GRID": re.compile(r"grid\.\d+\.[0-9a-f]+"),
    "XI-IATI": re.compile(r".+"),
    "360G": re.compile(r".+"),
}
GONE = {"ZA-PBO"}
PREFIX = re.compile(r"[A-Z]{2}-[A-Z0-9_]{2,}(?=-)|360G(?=-)")
PERSON = re.compile(r"(?<!\d)\d{13}(?!\d)")


def doubt_of(identifier: str) -> str:
    """What is doubtful about an identifier, in a sentence; empty when nothing is."""
    found = PREFIX.match(identifier)
    if found is None:
        return "This identifier does not begin with the code of its list, such as ZA-NPO- or GB-CHC-."
    prefix, number = found.group(), identifier[found.end() + 1 :]
    if prefix in GONE:
        return f"The list {prefix} is no longer used. Give the number with ZA-NPO or ZA-CIP."
    known = NUMBERS.get(prefix)
    if known is not None and not known.fullmatch(number):
        return f"This does not look like a number of the list {prefix}."
    return ""


def names_person(identifier: str) -> bool:
    """Whether a South African identity number stands in it, in one or in groups; such a number is never kept."""
    return any(_adds_up(number) for number in PERSON.findall("".join(identifier.split())))


def _adds_up(number: str) -> bool:
    """The check digit of Luhn."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
