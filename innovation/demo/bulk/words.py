"""Titles and canvases in any number; themes and phases are those of the ideas written for the demonstration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from innovation.values import dataclass

# By topic: what is done, and how it changes something.
THINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "literacy": (
        ("Reading clubs", "Story circles", "Book boxes", "Paired reading", "A class newspaper", "Word walls",
         "Reading benches", "Letter games", "Retelling evenings", "A story library", "Reading buddies"),
        ("so that every child reads aloud three times a week", "so that each class has books in its own language",
         "so that reading goes on at home", "so that weak readers get ten minutes a day with somebody who listens"),
    ),
    "numeracy": (
        ("Number talks", "Market-day maths", "Counting kits", "Maths games", "Table-top shops", "Problem of the week",
         "Maths word cards", "Measuring gardens", "Number lines", "Peer maths hours"),
        ("so that learners explain how they think", "so that tables are known by heart before Grade 6",
         "so that word problems are read before they are solved", "so that mistakes are talked about in class"),
    ),
    "teacher-development": (
        ("Lesson study", "Buddy visits", "A planning hour", "Subject circles", "Video lessons", "A marking afternoon",
         "Coaching by phone", "Shared term plans", "Open classrooms", "A first-year club"),
        ("so that nobody prepares alone", "so that new teachers stay", "so that good lessons are seen by others",
         "so that the plan of the term is kept in every class"),
    ),
    "youth-development": (
        ("Job-shadow days", "Sports mentors", "A skills workshop", "Career mornings", "Youth radio", "Debating leagues",
         "A learner-run tuck shop", "Second-chance matric groups", "Volunteer hours", "Leadership camps"),
        ("so that Grade 9 learners choose their subjects knowingly", "so that leaving school early has an answer",
         "so that every learner knows one adult at work", "so that learners run something real"),
    ),
    "ict": (
        ("Offline lessons", "A shared tablet box", "Coding clubs", "Voice-note lessons", "A school data evening",
         "Robots from waste", "Typing hours", "A charged-phone corner", "Science on a phone", "Digital registers"),
        ("without data costs", "so that one device serves a class", "so that results reach the teacher the same day",
         "so that learners make things and do not only watch"),
    ),
    "parents-community": (
        ("Homework tables", "Family reading evenings", "Granny helpers", "A parents' word list", "Village open days",
         "Class representatives", "A school SMS", "Fathers at the gate", "Saturday markets", "Walking groups"),
        ("so that parents know what to ask", "so that homes and school say the same", "so that children walk safely",
         "so that meetings are worth the taxi fare"),
    ),
    "learner-welfare": (
        ("A referral desk", "Breakfast shifts", "Peer listeners", "A dignity cupboard", "Uniform exchange",
         "Quiet rooms", "Home-visit teams", "A clinic day", "Anti-bullying watches", "Grief groups"),
        ("so that no case waits for more than a month", "so that girls miss no day", "so that hunger is seen early",
         "so that a child has somebody to talk to"),
    ),
    "early-learning": (
        ("Grade R corners", "Toy boxes", "Play mornings", "Song and rhyme books", "Talking walks", "A waste-to-toy day",
         "Home visitors", "Picture cards", "Sand and water tables", "Story aprons"),
        ("so that children handle things every day", "so that parents play at home", "so that children speak more",
         "so that practitioners learn from one another"),
    ),
    "school-leadership": (
        ("Deputy circles", "A one-page budget", "Early-warning lists", "Learning walks", "A term diary",
         "Retired-principal mentors", "Governing-body evenings", "Timetable clinics", "A staff-room board"),
        ("so that lessons start on time", "so that money is understood by everybody", "so that problems show early",
         "so that principals have somebody to ask"),
    ),
    "inclusion": (
        ("Two-language posters", "Sign-language Saturdays", "Access audits", "Large-print packs", "Braille labels",
         "Reading in the home language", "Helper pairs", "Tests in two languages", "Quiet corners"),
        ("so that language is no reason to fail", "so that every door can be used", "so that deaf learners get answers",
         "so that a test shows what a learner knows"),
    ),
}  # fmt: skip
SETTINGS = (
    "in farm schools", "after school", "in village schools", "in township schools", "once a week", "in mixed grades",
    "on Fridays", "at the library", "with matric leavers", "with grandparents", "in the home language", "in winter",
    "across one circuit", "near the taxi rank", "in big classes", "with two schools", "in no-fee schools", "in term 1",
    "without electricity", "with little paper", "in the mining towns", "along the coast road", "in small schools",
)  # fmt: skip
# By topic: what goes wrong today, and what would show that it got better.
NEEDS: dict[str, tuple[tuple[str, ...], str]] = {
    "literacy": (
        ("Few Grade 4 learners read for meaning in any language", "Most homes have no book that a child can read",
         "In big classes a weak reader is heard once a fortnight"),
        "Words read correctly in a minute, and one question about the text",
    ),
    "numeracy": (
        ("Learners count on their fingers in Grade 6", "Word problems are left out, because nobody can read them",
         "Tables are chanted and not understood"),
        "Ten sums and two word problems, one child at a time",
    ),
    "teacher-development": (
        ("Teachers plan alone and hardly see one another teach", "New teachers leave within two years",
         "Courses are far away and change little in class"),
        "Lessons seen by a colleague, and what was changed after them",
    ),
    "youth-development": (
        ("Learners choose subjects without knowing any work", "Every third learner leaves school before matric",
         "Young people have nothing to do after 14:00"),
        "Learners who take part to the end, and what they do a term later",
    ),
    "ict": (
        ("Devices stand in a locked room", "Data costs more than families can pay",
         "Results reach teachers when the term is over"),
        "Hours in which a device is used by learners, from a log kept in class",
    ),
    "parents-community": (
        ("Parents hear of a problem when it is too late", "Few parents come to meetings, and fewer speak",
         "Families do not know what to ask about homework"),
        "Families who take part each month, and homework handed in",
    ),
    "learner-welfare": (
        ("Cases wait for months at an office", "Hungry and frightened children do not learn",
         "Girls miss days of school every month"),
        "Days missed, and days from the first word to the first help",
    ),
    "early-learning": (
        ("Grade R classes have little to handle", "Children come to Grade 1 without words for shapes and numbers",
         "Parents have no toys and think play is idle"),
        "Children who name, sort and tell a story, before and after",
    ),
    "school-leadership": (
        ("Lessons start late and end early", "Nobody reads the school's figures until the audit",
         "Principals have nobody to ask"),
        "Lessons that start on time, counted for one week in each term",
    ),
    "inclusion": (
        ("Learners fail in a language that they do not speak", "A child with a disability waits at home for a place",
         "Deaf learners have nobody to talk with"),
        "Learners reached who took no part before, and their marks",
    ),
}  # fmt: skip
# What can be said only of some places.
CITIES = ("Buffalo City", "Ekurhuleni", "Gauteng", "Johannesburg", "Metro", "Nelson Mandela", "Pinetown", "Sedibeng",
          "Tshwane", "Umlazi")  # fmt: skip
COAST = ("Alfred Nzo East", "Amathole East", "Eden", "King Cetshwayo", "OR Tambo Coastal", "Overberg", "Sarah Baartman",
         "Ugu", "West Coast", "iLembe", "uMkhanyakude")  # fmt: skip
MINES = ("Bojanala", "Dr Kenneth Kaunda", "Gauteng West", "Gert Sibande", "John Taolo Gaetsewe", "Lejweleputswa",
         "Namakwa", "Nkangala", "Sekhukhune", "Waterberg")  # fmt: skip
COUNTRY = ("in farm schools", "in village schools", "in mixed grades", "without electricity", "in small schools")
OWNERS = (
    "Foundation Phase teacher", "Mathematics teacher", "Principal", "Deputy principal", "Subject advisor", "Librarian",
    "Circuit manager", "Parent on a governing body", "Youth worker", "Grade R practitioner", "Departmental head",
    "Social worker", "Science teacher", "Learner support agent", "Language teacher", "NGO programme lead",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What an idea made in bulk says of itself."""

    title: str
    topic: str
    theme: str
    phases: list[str]
    answers: dict[str, Any]


def settings_of(district: str) -> list[str]:
    """The settings that a district can have: no farm schools in a city, no coast road inland."""
    ruled_out = {
        *(COUNTRY if district.startswith(CITIES) else ()),
        *(() if district.startswith(COAST) else ("along the coast road",)),
        *(() if district.startswith(MINES) else ("in the mining towns",)),
    }
    return [setting for setting in SETTINGS if setting not in ruled_out]


class Words:
    """Makes ideas that read like the written ones."""

    def __init__(self, written: Iterable[Mapping[str, Any]]) -> None:
        self.by_topic: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for idea in written:
            self.by_topic[idea["topic"]].append(idea)
        self.topics = sorted(set(self.by_topic) & set(THINGS))

    def draft(self, rng: Random, district: str) -> Draft:
        """An idea of any topic for a district; the same for the same random numbers."""
        topic = rng.choice(self.topics)
        things, gains = THINGS[topic]
        thing, setting = rng.choice(things), rng.choice(settings_of(district))
        model = rng.choice(self.by_topic[topic])
        title = f"{thing} {setting}"
        title = f"{title}, {district}" if rng.random() < 0.3 else title
        return Draft(
            title,
            topic,
            model["theme"],
            list(model["phases"]),
            self._answers(rng, topic, thing, setting, rng.choice(gains), district) | {"phases": list(model["phases"])},
        )

    def _answers(self, rng: Random, topic: str, thing: str, setting: str, gain: str, district: str) -> dict[str, Any]:
        """A canvas about what the title says, in this place."""
        needs, measure = NEEDS[topic]
        need, what, where, schools = rng.choice(needs), thing.lower(), f"{setting} in {district}", rng.randrange(4, 60)
        return {
            "problem": f"{need}. Around {district} it is the same in most schools.",
            "who_has_it": f"Learners in about {schools} schools of {district}.",
            "evidence": f"Teachers of {rng.randrange(2, 9)} schools counted it for a term and brought the lists.",
            "now": "Each school tries something of its own. Nobody compares, and it ends when one person leaves.",
            "summary": f"{thing} {where}, {gain}.",
            "how_it_works": f"1. Two adults at each school learn {what} in one day.\n"
            f"2. It runs {setting} for two terms, with a visit each month.\n"
            "3. The schools compare what they counted, and keep what worked.",
            "what_is_new": f"Others have tried {what} alone. Here schools of {district} do it together and count.",
            "expected_change": f"{thing}, {gain}: to be seen in at least half of the schools within a year.",
            "theory_of_change": f"With {what} every week a habit grows, because it costs little and everybody sees it.",
            "first_test": f"{rng.randrange(2, 6)} schools of {district}, two terms, the same count before and after.",
            "resources": f"One day of training, materials for {what}, and transport for the visits.",
            "partners": "The circuit manager, the principals and the governing bodies.",
            "risks": "Adults who work with children are cleared first. Each school trains one person to spare.",
            "measure": f"{measure}, before and after.",
            "cost_per_learner": rng.randrange(15, 900) * 100,
        }
