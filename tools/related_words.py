"""Write innovation/ideas/related_words.txt anew from a WordNet 3.0 dictionary and the groups in this file.

    python tools/related_words.py /usr/share/wordnet

Needed after a new version of the stemmer, or when a group is added.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import snowballstemmer

TARGET = Path(__file__).resolve().parent.parent / "innovation/ideas/related_words.txt"
PARTS = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
FILES = ("noun", "verb", "adj", "adv")
SENSES, MOST = 2, 10
SAID, SENSE, ROOT = 1.0, 0.9, 0.8  # how nearly words of a group, of a first sense and of one root mean the same
HOMONYMS = {"left", "saw", "found", "felt", "lay", "better", "best", "more", "most", "less", "axes", "bases", "ground"}
# What people at clinics say for one another, and a dictionary keeps apart.
GROUPS = """
child kid pupil learner student youngster
teenager youth adolescent teen
teacher educator instructor
principal headmaster headteacher head
ban prohibit forbid outlaw stop end abolish scrap
cheap affordable subsidised
free cost
build construct erect
repair fix restore mend renovate
rebuild reconstruct restore
university college tertiary
maths mathematics numeracy
reading literacy
computer ict technology digital laptop tablet
internet online web wifi connectivity
toilet sanitation latrine ablution
hunger nutrition feeding meal food
money fund funding finance cash budget
parent family caregiver guardian
bus transport taxi
safety security violence bullying
job employment work career
test exam assessment evaluation
lesson class course
help support assist aid
study research investigate
teach educate train
grow expand increase extend raise
reduce cut lower decrease fewer
begin start launch introduce create establish
mandatory compulsory require force
law legislation act
pay salary wage
doctor physician nurse
hospital clinic
car vehicle
animal pet
environment climate nature green
garden vegetable plant
drop dropout leave
pregnancy pregnant
disabled disability impairment
girl woman female
boy man male
"""

stem = snowballstemmer.stemmer("english").stemWord


def irregular(folder: Path) -> dict[str, str]:
    """Forms whose stem is not that of their lemma, such as children."""
    found: dict[str, str] = {}
    for part in ("noun", "verb", "adj"):
        for line in (folder / f"{part}.exc").read_text("latin-1").splitlines():
            form, lemma = line.split()[:2]
            if form.isalpha() and lemma.isalpha() and form not in HOMONYMS and stem(form) != stem(lemma):
                found.setdefault(form, lemma)
    return found


def synsets(folder: Path, part: str) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Each synset of a part of speech: its number, its words, and its pointers to others."""
    for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
        if not line.startswith("  "):
            cells = line.split(" | ")[0].split()
            n = int(cells[3], 16)
            said = [cells[4 + 2 * each].split("(")[0] for each in range(n)]
            at = 5 + 2 * n
            yield cells[0], said, [cells[at + 4 * each : at + 4 * each + 4] for each in range(int(cells[at - 1]))]


def related(folder: Path) -> dict[str, dict[str, float]]:
    """Stems with those that share one of their first senses or come from the same root, and how nearly they do."""
    known = {part: {number: (said, ways) for number, said, ways in synsets(folder, part)} for part in FILES}
    found: dict[str, dict[str, float]] = defaultdict(dict)
    forms = irregular(folder)

    def add(word: str, other: str, near: float) -> None:
        if other.isalpha() and other.islower() and word.isalpha():
            a, b = stem(forms.get(word, word)), stem(forms.get(other, other))
            if a != b:
                found[a][b] = max(found[a].get(b, 0), near)

    for part in FILES:
        for line in (folder / f"index.{part}").read_text("latin-1").splitlines():
            cells = line.split()
            if line.startswith("  ") or not cells[0].isalpha() or len(cells[0]) < 3:
                continue
            n, tagged = int(cells[3]), int(cells[5 + int(cells[3])])
            for rank, number in enumerate(cells[6 + n :][:SENSES]):
                if rank and rank >= max(tagged, 1):
                    break
                said, ways = known[part][number]
                own = [word.lower() for word in said].index(cells[0]) + 1
                for other in said:
                    add(cells[0], other, SENSE / (1 + rank))
                for sign, there, kind, places in ways:
                    if sign == "+" and int(places[:2], 16) == own:
                        add(cells[0], known[PARTS[kind]][there][0][int(places[2:], 16) - 1], ROOT / (1 + rank))
    return found


def counted(folder: Path) -> set[str]:
    """The stems of the words that occur in WordNet's own counted texts: the others are too rare to matter."""
    lines = (folder / "cntlist.rev").read_text("latin-1").splitlines()
    return {stem(line.split("%")[0]) for line in lines if "_" not in line.split("%")[0]}


def main(folder: Path) -> None:
    found, usual, forms = related(folder), counted(folder), irregular(folder)
    grouped: dict[str, set[str]] = defaultdict(set)
    for group in GROUPS.strip().splitlines():
        stems = [stem(forms.get(word, word)) for word in group.split()]
        for one in stems:
            found[one].update({other: max(found[one].get(other, 0), SAID) for other in stems if other != one})
            grouped[one].update(stems)
    lines = ["# Words related to one another, from WordNet 3.0; written by tools/related_words.py. See NOTICE."]
    lines += [f"form {form} {lemma}" for form, lemma in sorted(forms.items()) if stem(lemma) in usual]
    for one, others in sorted(found.items()):
        ranked = sorted((other not in grouped[one], -near, other) for other, near in others.items() if other in usual)
        kept = ranked[:MOST]
        if kept and one in usual:
            lines.append(f"near {one} " + " ".join(f"{other}={round(-near * 9)}" for _apart, near, other in kept))
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
