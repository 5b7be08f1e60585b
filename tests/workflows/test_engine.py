"""The engine: what follows, what is refused, and with which reasons."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from workflows import Guard, Refused, Step, Workflow


@dataclass(frozen=True)
class Facts:
    paid: bool = False
    signed: bool = False
    target: str = ""


PAID = Guard(lambda f: f.paid, "It has not been paid.")
SIGNED = Guard(lambda f: f.signed, "It has not been signed.")

ORDER: Workflow[str] = Workflow(
    "order",
    initial="open",
    steps=[
        Step("send", "open", "sent", guards=(PAID, SIGNED)),
        Step("return", "sent", "open", when=Guard(lambda f: f.target == "open", "Say where it goes.")),
        Step("return", "sent", "lost", when=Guard(lambda f: f.target == "lost", "Say where it goes.")),
        Step("close", "sent", "closed"),
    ],
)


def test_firing_gives_the_state_that_follows():
    assert ORDER.fire("open", "send", Facts(paid=True, signed=True)) == "sent"


def test_a_refusal_gives_every_reason_and_not_only_the_first():
    with pytest.raises(Refused) as refused:
        ORDER.fire("open", "send", Facts())

    assert refused.value.reasons == ("It has not been paid.", "It has not been signed.")
    assert str(refused.value) == "It has not been paid. It has not been signed."


def test_reasons_say_beforehand_what_firing_would_say():
    assert ORDER.reasons("open", "send", Facts(paid=True)) == ("It has not been signed.",)
    assert ORDER.reasons("open", "send", Facts(paid=True, signed=True)) == ()


def test_a_guard_is_not_passed_when_no_facts_are_given():
    assert ORDER.reasons("open", "send") == ("What this needs has not been checked yet.",)


@pytest.mark.parametrize("trigger", ["close", "to_closed", "never heard of", ""])
def test_a_trigger_that_does_not_lead_on_from_here_is_one_plain_sentence(trigger):
    with pytest.raises(Refused) as refused:
        ORDER.fire("open", trigger)

    assert refused.value.reasons == ("This cannot be done now: the order is open.",)
    assert ORDER.reasons("open", trigger) == refused.value.reasons


def test_an_unknown_state_is_refused_too():
    with pytest.raises(Refused):
        ORDER.fire("nowhere", "send", Facts(paid=True, signed=True))


@pytest.mark.parametrize("target", ["open", "lost"])
def test_of_several_ways_the_one_that_is_meant_is_taken(target):
    assert ORDER.fire("sent", "return", Facts(target=target)) == target


def test_when_none_of_several_ways_is_meant_the_reason_is_given_once():
    assert ORDER.reasons("sent", "return", Facts(target="elsewhere")) == ("Say where it goes.",)


def test_triggers_lists_what_leads_on_in_the_order_of_the_steps():
    assert ORDER.triggers("sent") == ("return", "close")
    assert ORDER.triggers("closed") == ()


def test_a_reason_given_as_one_text_stays_one_reason():
    assert Refused("Not now.").reasons == ("Not now.",)


def test_an_error_in_a_guard_is_not_swallowed():
    broken: Workflow[str] = Workflow("x", "a", [Step("go", "a", "b", (Guard(lambda f: f.nothing, "No."),))])

    with pytest.raises(AttributeError):
        broken.fire("a", "go", Facts())


def test_threads_can_share_a_workflow():
    wrong: list[str] = []

    def work(target: str) -> None:
        for _ in range(200):
            if ORDER.fire("sent", "return", Facts(target=target)) != target:
                wrong.append(target)

    threads = [threading.Thread(target=work, args=(target,)) for target in ("open", "lost") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
