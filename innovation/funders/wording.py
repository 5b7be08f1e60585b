"""How a sentence of the matcher reads to the funder itself: "you", where everybody else reads "the funder"."""

from __future__ import annotations

PAIRS = (
    (
        "%(what)s: one that the mandate names would count more.",
        "%(what)s: one that your mandate names would count more.",
    ),
    ("%(what)s: one that the mandate names.", "%(what)s: one that your mandate names."),
    (
        "A first part for the phases that the mandate names would fit better.",
        "A first part for the phases that your mandate names would fit better.",
    ),
    ("A place named in the mandate would count more.", "A place named in your mandate would count more."),
    ("Another of the idea's themes is in the mandate.", "Another of the idea's themes is in your mandate."),
    ("Every phase of the idea is in the mandate.", "Every phase of the idea is in your mandate."),
    (
        "It is not certain that the mandate reaches this place.",
        "It is not certain that your mandate reaches this place.",
    ),
    ("Name the least and the most in the mandate.", "Name the least and the most in your mandate."),
    ("Name the least level in the mandate.", "Name the least level in your mandate."),
    ("Name the places in the mandate.", "Name the places in your mandate."),
    ("Name the phases in the mandate.", "Name the phases in your mandate."),
    ("Name the stages in the mandate.", "Name the stages in your mandate."),
    ("Name the themes in the mandate.", "Name the themes in your mandate."),
    ("None of the idea's phases is in the mandate.", "None of the idea's phases is in your mandate."),
    ("None of the idea's themes is in the mandate.", "None of the idea's themes is in your mandate."),
    ("Some of the idea's phases are in the mandate.", "Some of the idea's phases are in your mandate."),
    ("The ask is a little more than the funder gives.", "The ask is a little more than you give."),
    ("The ask is much more than the funder gives.", "The ask is much more than you give."),
    (
        "The ask is smaller than the least that the funder gives.",
        "The ask is smaller than the least that you give.",
    ),
    ("The ask lies within what the funder gives.", "The ask lies within what you give."),
    (
        "The evidence is at %(level)s; the funder asks for %(least)s or more.",
        "The evidence is at %(level)s; you ask for %(least)s or more.",
    ),
    ("The evidence, %(level)s, is just what the funder asks.", "The evidence, %(level)s, is just what you ask."),
    (
        "The evidence, %(level)s, is stronger than the funder asks.",
        "The evidence, %(level)s, is stronger than you ask.",
    ),
    (
        "The form of support fits, the time is longer than the funder's.",
        "The form of support fits, the time is longer than yours.",
    ),
    ("The funder accepts ideas at this stage.", "You accept ideas at this stage."),
    ("The funder could carry a part, together with others.", "You could carry a part, together with others."),
    ("The funder does not fund ideas at this stage.", "You do not fund ideas at this stage."),
    ("The funder does not fund this topic.", "You do not fund this topic."),
    ("The funder gives in other forms.", "You give in other forms."),
    (
        "The funder gives less than a quarter of the ask, and does not fund with others.",
        "You give less than a quarter of the ask, and do not fund with others.",
    ),
    ("The funder prefers ideas at another stage.", "You prefer ideas at another stage."),
    ("The funder prefers ideas at this stage.", "You prefer ideas at this stage."),
    (
        "The funder requires a legal status that is missing: %(names)s.",
        "You require a legal status that is missing: %(names)s.",
    ),
    (
        "The funder works in the whole country, with no place of its own here.",
        "You fund in the whole country, with no place of your own here.",
    ),
    (
        "%(share)s of 100 of the benefit is for black people; the funder asks for %(least)s.",
        "%(share)s of 100 of the benefit is for black people; you ask for %(least)s.",
    ),
    ("The funder's window closed on %(day)s.", "Your window closed on %(day)s."),
    ("The funder's window opens on %(day)s.", "Your window opens on %(day)s."),
    ("The idea is in a province that the mandate names.", "The idea is in a province that your mandate names."),
    ("The idea lies outside the places where the funder works.", "The idea lies outside the places where you fund."),
    ("The idea's main theme is in the mandate.", "The idea's main theme is in your mandate."),
    (
        "The main theme would have to be one that the mandate names.",
        "The main theme would have to be one that your mandate names.",
    ),
    (
        "The funder has funded little that is like this; a talk would show whether it wants to.",
        "You have funded little that is like this; a talk would show whether you want to.",
    ),
    (
        "The funder has funded nothing like this so far, in %(all)s awards.",
        "You have funded nothing like this so far, in %(all)s awards.",
    ),
    ("The funder has funded %(count)s like this: %(titles)s.", "You funded %(count)s like this: %(titles)s."),
    ("The funder's past awards speak of other things.", "Your past awards speak of other things."),
    (
        "The funder's past awards speak of this too: %(words)s.",
        "Your past awards speak of this too: %(words)s.",
    ),
    (
        "An ask between %(low)s and %(high)s is what the funder usually gives.",
        "An ask between %(low)s and %(high)s is what you usually give.",
    ),
    (
        "The ask is inside what the funder usually gave, %(low)s to %(high)s.",
        "The ask is inside your usual range, %(low)s to %(high)s.",
    ),
    (
        "The ask is outside what the funder usually gave, %(low)s to %(high)s.",
        "The ask is outside your usual range, %(low)s to %(high)s.",
    ),
    ("The funder's past awards went to other places.", "Your past awards went to other places."),
    (
        "None of the funder's %(all)s awards of which the place is known went there: %(place)s.",
        "None of your %(all)s awards of which the place is known went there: %(place)s.",
    ),
    (
        "The funder has funded here before: %(place)s, %(count)s of %(all)s awards.",
        "You have funded here before: %(place)s, %(count)s of your %(all)s awards.",
    ),
    ("The funder's past awards were for other phases.", "Your past awards were for other phases."),
    (
        "None of the funder's %(all)s awards that name a phase was for this one: %(phase)s.",
        "None of your %(all)s awards that name a phase was for this one: %(phase)s.",
    ),
    (
        "The funder has funded this phase before: %(phase)s, %(count)s of %(all)s awards.",
        "You have funded this phase before: %(phase)s, %(count)s of your %(all)s awards.",
    ),
    ("The mandate names no amounts.", "Your mandate names no amounts."),
    ("The mandate names no level of evidence.", "Your mandate names no level of evidence."),
    ("The mandate names no places.", "Your mandate names no places."),
    ("The mandate names no phases.", "Your mandate names no phases."),
    ("The mandate names no stages.", "Your mandate names no stages."),
    ("The mandate names no themes.", "Your mandate names no themes."),
)
TO_FUNDER = dict(PAIRS)
