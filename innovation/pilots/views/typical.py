"""How typical the sites are, in a sentence and in rows for the picture."""

from __future__ import annotations

from innovation.languages import gettext as _
from innovation.languages import ngettext
from innovation.pilots.typicality import Share, Typicality, known
from innovation.values import dataclass
from workflows import Words


@dataclass(frozen=True)
class Row:
    """A kind of site, with the shares of one hundred."""

    label: str
    share: Share

    @property
    def of_sites(self) -> float:
        return 100 * self.share.of_sites

    @property
    def of_all(self) -> float:
        return 100 * self.share.of_all


@dataclass(frozen=True)
class Said:
    """The sentence, and a group of rows for each way of comparing."""

    sentence: str
    groups: tuple[tuple[str, tuple[Row, ...]], ...]


def sentences(found: Typicality, against: str, words: Words) -> Said:
    groups = [
        (_("Quintile"), tuple(Row(_("Quintile %(n)s", n=share.key), share) for share in found.quintiles)),
        (_("Town or country"), tuple(Row(_setting(share.key), share) for share in found.settings)),
        (_("Size"), tuple(Row(_size(share.key, words), share) for share in found.sizes)),
    ]
    return Said(_sentence(found, against), tuple(group for group in groups if group[1]))


def _sentence(found: Typicality, against: str) -> str:
    poorest, counted = found.poorest, known(found.quintiles)
    if poorest is None or not found.leans or not counted:
        return ""
    told = ngettext(
        "%(num)d of %(all)d sites is quintile 1 to 3",
        "%(num)d of %(all)d sites are quintile 1 to 3",
        poorest.sites,
        all=counted,
    )
    tenths = max(0, min(10, round(10 * poorest.of_all)))
    there = {
        "district": _("in the district it is %(n)d of 10", n=tenths),
        "province": _("in the province it is %(n)d of 10", n=tenths),
    }[against]
    leans = {
        "better_off": _("these sites are better off than where it would scale"),
        "poorer": _("these sites are poorer than where it would scale"),
        "typical": _("these sites are much like where it would scale"),
    }[found.leans]
    return str(_("%(sites)s; %(there)s: %(leans)s.", sites=told, there=there, leans=leans))


def _setting(key: str) -> str:
    return str(_("Urban") if key == "urban" else _("Rural"))


def _size(key: str, words: Words) -> str:
    reached = str(_(words.reached)).lower()
    if key == "0":
        return str(_("Fewer than 200 %(people)s", people=reached))
    return str(_("From %(n)s %(people)s", n=f"{int(key):,}".replace(",", " "), people=reached))
