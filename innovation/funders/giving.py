"""Commitments in the shape of the 360Giving Data Standard 1.4: one grant each, as JSON and under its flat titles."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from innovation.funders import giving_codes as codes
from innovation.funders.org_ids import doubt_of, names_person
from innovation.values import dataclass

VERSION = "1.4"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MOST_LETTERS = 140
INDIVIDUAL, UNNAMED, DONOR = "Individual Recipient", "Registered organisation", "Individual funder"
OWN = "Gatehouse instrument"


@dataclass(frozen=True)
class Organisation:
    """By its name, empty where it is not known, and by its identifier where that may be told."""

    name: str
    org_id: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Granted:
    """What an export may say of one commitment. Without a ``recipient`` it goes to an individual, who is not named.

    ``title`` and ``summary`` are empty where whoever exports may not read them now.
    """

    key: str
    prefix: str
    title: str
    summary: str
    instrument: str
    instrument_name: str
    in_kind: bool
    currency: str
    awarded: int
    disbursed: int
    awarded_on: dt.date
    modified_at: dt.datetime
    funder: Organisation
    recipient: Organisation | None
    programme: tuple[str, str]
    theme: tuple[str, str]
    phases: tuple[str, ...]
    provinces: tuple[tuple[str, str], ...]
    districts: tuple[str, ...]
    country: str
    place: str
    standing: str
    starts_on: str = ""
    ends_on: str = ""
    source: str = ""


def grant_of(each: Granted) -> dict[str, Any]:
    """The grant as the schema has it; what is not known is left out."""
    to_person = each.recipient is None
    dates = {"startDate": each.starts_on, "endDate": each.ends_on}
    grant: dict[str, Any] = {
        "id": f"{each.prefix}-{each.key}",
        "title": _title(each, to_person),
        "description": _description(each, to_person),
        "currency": each.currency,
        "amountAwarded": decimal_of(each.awarded),
        "amountDisbursed": decimal_of(each.disbursed),
        "awardDate": each.awarded_on.isoformat(),
        "plannedDates": [_known(dates)] if each.starts_on else [],
        **_recipient(each),
        "beneficiaryLocation": _locations(each, to_person),
        "fundingOrganization": [_funder(each)],
        "grantProgramme": [{"code": each.programme[0], "title": each.programme[1]}],
        "fundingType": [_funding_type(each)],
        "classifications": list(_classifications(each, to_person)),
        "locationScope": _scope(each),
        "dateModified": each.modified_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dataSource": each.source,
    }
    return _known(grant)


def decimal_of(minor: int) -> Decimal:
    """The amount with its two decimals, exactly; every currency here has two."""
    return Decimal(minor).scaleb(-2)


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [])}


def _title(each: Granted, to_person: bool) -> str:
    if to_person or not each.title:
        return f"Funding for an idea of the programme {each.programme[1]}"[:MOST_LETTERS]
    return each.title[:MOST_LETTERS]


def _description(each: Granted, to_person: bool) -> str:
    about = f" Theme: {each.theme[1]}." if each.theme[1] else ""
    said = "" if to_person else each.summary.strip()
    said = said or f"Funding for an idea of the programme {each.programme[1]}.{about}"
    return f"{said} In kind: the amount is the value that the funder states." if each.in_kind else said


def _recipient(each: Granted) -> dict[str, Any]:
    """The standard asks that an individual is anonymous: a general name, and an identifier that tells nothing."""
    if each.recipient is None:
        return {"recipientIndividual": {"id": f"{each.prefix}-IND-{each.key}", "name": INDIVIDUAL}}
    if each.recipient.name:
        return {"recipientOrganization": [_organisation(each.recipient, f"{each.prefix}-ORG")]}
    number = each.recipient.org_id if is_official(each.recipient.org_id) else ""
    said = {"id": number or f"{each.prefix}-ORG-{each.key}", "name": f"{UNNAMED} {number}".strip()}
    return {"recipientOrganization": [said]}


def _funder(each: Granted) -> dict[str, str]:
    if each.funder.kind == "INDIVIDUAL":
        return {"id": f"{each.prefix}-DONOR-{each.key}", "name": DONOR}
    return _organisation(each.funder, f"{each.prefix}-FUND")


def _organisation(each: Organisation, prefix: str) -> dict[str, str]:
    """By its official number where it has one that looks right, else by its name."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", each.name).strip("-") or "unnamed"
    return {"id": each.org_id if is_official(each.org_id) else f"{prefix}-{slug}", "name": each.name}


def is_official(identifier: str) -> bool:
    return bool(identifier) and not doubt_of(identifier) and not names_person(identifier)


def _locations(each: Granted, to_person: bool) -> list[dict[str, str]]:
    """Provinces, and districts where no single person could be found by one; there are no codes for either there."""
    names = [name for _code, name in each.provinces]
    names += [] if to_person else list(each.districts)
    found = [{"name": name, "countryCode": each.country} for name in names]
    return found or [{"countryCode": each.country}]


def _scope(each: Granted) -> str:
    """How wide it reaches; empty where whoever exports may not know."""
    if not each.place:
        return ""
    if each.districts:
        return codes.LOCAL if len(each.districts) == 1 else codes.SUBNATIONAL
    return codes.SUBNATIONAL if each.provinces else codes.NATIONAL


def _funding_type(each: Granted) -> dict[str, str]:
    code, title = codes.FINANCE.get(each.instrument, ("", ""))
    if code:
        return {"vocabulary": "IATI FinanceType", "code": code, "title": title}
    return {"vocabulary": OWN, "code": each.instrument, "title": each.instrument_name}


def _classifications(each: Granted, to_person: bool) -> Iterable[dict[str, str]]:
    for code in codes.purposes_of(list(each.phases), each.theme[0]):
        yield _class("OECD DAC CRS Purpose Codes (5 digit)", code, codes.PURPOSES[code])
    state = codes.activity_of(each.place, each.standing)
    if state:
        yield _class("IATI ActivityStatus", state, codes.ACTIVITY[state])
    if each.funder.kind in codes.BODIES:
        yield _class("IATI OrganisationType (funder)", *codes.BODIES[each.funder.kind])
    if each.theme[0]:
        yield _class("Theme of the programme", *each.theme)
    for code, name in each.provinces:
        yield _class("ISO 3166-2", code, name)
    for name in () if to_person else each.districts:
        yield _class("ZA-EMIS-District", name, name)


def _class(vocabulary: str, code: str, title: str) -> dict[str, str]:
    return {"vocabulary": vocabulary, "code": code, "title": title}


# As JSON


def package_of(grants: Iterable[Granted], *, issued: dt.datetime, **about: Any) -> str:
    """The package with its licence as JSON; ``about`` is its title, identifier, publisher and addresses."""
    at = issued.astimezone(dt.UTC)
    whole = {
        "version": VERSION,
        **_known(about),
        "license": LICENCE,
        "issued": at.date().isoformat(),
        "modified": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "grants": [grant_of(each) for each in grants],
    }
    return written(whole) + "\n"


def written(value: Any) -> str:
    """JSON in which an amount is written digit by digit as it is, and never goes through a binary fraction."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


# Under flat titles


TITLES = (
    ("Identifier", "id"),
    ("Title", "title"),
    ("Description", "description"),
    ("Currency", "currency"),
    ("Amount Awarded", "amountAwarded"),
    ("Amount Disbursed", "amountDisbursed"),
    ("Award Date", "awardDate"),
    ("Planned Dates:Start Date", "plannedDates/0/startDate"),
    ("Planned Dates:End Date", "plannedDates/0/endDate"),
    ("Recipient Ind:Identifier", "recipientIndividual/id"),
    ("Recipient Ind:Name", "recipientIndividual/name"),
    ("Recipient Org:Identifier", "recipientOrganization/0/id"),
    ("Recipient Org:Name", "recipientOrganization/0/name"),
    ("Funding Org:Identifier", "fundingOrganization/0/id"),
    ("Funding Org:Name", "fundingOrganization/0/name"),
    ("Grant Programme:Code", "grantProgramme/0/code"),
    ("Grant Programme:Title", "grantProgramme/0/title"),
    ("Funding Type:Vocabulary", "fundingType/0/vocabulary"),
    ("Funding Type:Code", "fundingType/0/code"),
    ("Funding Type:Title", "fundingType/0/title"),
    ("Location Scope", "locationScope"),
    ("Last Modified", "dateModified"),
    ("Data Source", "dataSource"),
)
MANY = (
    ("Beneficiary Location", "beneficiaryLocation", (("Name", "name"), ("Country Code", "countryCode"))),
    ("Classifications", "classifications", (("Vocabulary", "vocabulary"), ("Code", "code"), ("Title", "title"))),
)


def flat(grants: Iterable[Granted]) -> tuple[list[tuple[str, str]], list[dict[str, Any]]]:
    """Columns and rows under the standard's titles; what there can be several of is numbered, ``Name:0:Code``."""
    whole = [grant_of(each) for each in grants]
    columns = [(path, title) for title, path in TITLES]
    for title, key, parts in MANY:
        most = max((len(grant.get(key, [])) for grant in whole), default=0)
        columns += [(f"{key}/{n}/{part}", f"{title}:{n}:{name}") for n in range(most) for name, part in parts]
    return columns, [{path: _at(grant, path) for path, _title_ in columns} for grant in whole]


def _at(grant: Any, path: str) -> Any:
    for step in path.split("/"):
        try:
            grant = grant[int(step)] if step.isdigit() else grant[step]
        except (KeyError, IndexError):
            return None
    return format(grant, "f") if isinstance(grant, Decimal) else grant
