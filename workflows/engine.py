"""A workflow as a list of steps: what may follow from a state, and every reason that stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from transitions import Machine, MachineError

StateT = TypeVar("StateT", bound="str | tuple[str, ...]")

UNCHECKED = "What this needs has not been checked yet."


class Refused(Exception):
    """Not now: holds every reason, each a sentence that a person can act on."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))


@dataclass(frozen=True, slots=True)
class Guard:
    """A question about the facts, with what to say when the answer is no."""

    holds: Callable[[Any], bool]
    reason: str | Callable[[Any], Sequence[str]]

    def refusals(self, facts: Any) -> tuple[str, ...]:
        if self.holds(facts):
            return ()
        return (self.reason,) if isinstance(self.reason, str) else tuple(self.reason(facts))


@dataclass(frozen=True, slots=True)
class Step(Generic[StateT]):
    """One way from a state to another; ``when`` picks the one meant where a trigger has several."""

    trigger: str
    source: StateT
    target: StateT
    guards: tuple[Guard, ...] = ()
    when: Guard | None = None

    def meant(self, facts: Any) -> tuple[str, ...]:
        """Why this is not the way meant; empty when it is."""
        if self.when is None:
            return ()
        return (UNCHECKED,) if facts is None else self.when.refusals(facts)

    def refusals(self, facts: Any) -> tuple[str, ...]:
        if not self.guards:
            return ()
        if facts is None:
            return (UNCHECKED,)
        return _once(reason for guard in self.guards for reason in guard.refusals(facts))

    def open_to(self, facts: Any) -> bool:
        return not self.meant(facts) and not self.refusals(facts)


class Workflow(Generic[StateT]):
    """States and steps; it keeps nothing about any one thing and is safe to share between threads."""

    def __init__(self, name: str, initial: StateT, steps: Iterable[Step[StateT]]) -> None:
        self.name = name
        self.initial = initial
        self.steps = tuple(steps)
        self.states = _once((initial, *(state for step in self.steps for state in (step.source, step.target))))
        self._names = {state: _name(state) for state in self.states}
        self._states = {label: state for state, label in self._names.items()}
        self._steps: dict[tuple[StateT, str], tuple[Step[StateT], ...]] = {}
        self._triggers: dict[StateT, tuple[str, ...]] = {}
        for step in self.steps:
            key = (step.source, step.trigger)
            self._steps[key] = (*self._steps.get(key, ()), step)
            self._triggers[step.source] = _once((*self._triggers.get(step.source, ()), step.trigger))
        self.machine = self._machine()

    def fire(self, state: StateT, trigger: str, facts: Any = None) -> StateT:
        """The state that follows, or ``Refused`` with every reason that stands in the way."""
        event, name = self.machine.events.get(trigger), self._names.get(state)
        if event is None or name is None:
            raise Refused((self.unavailable(state, trigger),))
        token = _Token(name, facts)
        try:
            moved = event.trigger(token)
        except MachineError:
            raise Refused((self.unavailable(state, trigger),)) from None
        if not moved:
            raise Refused(self.reasons(state, trigger, facts))
        return self._states[token.state]

    def reasons(self, state: StateT, trigger: str, facts: Any = None) -> tuple[str, ...]:
        """Every reason why the trigger may not fire now; empty when it may."""
        steps = self._steps.get((state, trigger))
        if steps is None:
            return (self.unavailable(state, trigger),)
        meant = [step for step in steps if not step.meant(facts)]
        if not meant:
            return _once(reason for step in steps for reason in step.meant(facts))
        refused = [step.refusals(facts) for step in meant]
        return _once(reason for refusals in refused for reason in refusals) if all(refused) else ()

    def triggers(self, state: StateT) -> tuple[str, ...]:
        """What leads on from a state, guards aside, in the order of the steps."""
        return self._triggers.get(state, ())

    def unavailable(self, state: StateT, trigger: str) -> str:
        """The sentence for a trigger that does not exist in a state."""
        return f"This cannot be done now: the {self.name} is {_name(state)}."

    def _machine(self) -> Machine:
        # A model would be decorated and kept; auto transitions (`to_x`) would jump every gate.
        machine = Machine(
            model=None,
            states=list(self._states),
            initial=self._names[self.initial],
            auto_transitions=False,
            send_event=True,
        )
        for step in self.steps:
            machine.add_transition(
                step.trigger,
                self._names[step.source],
                self._names[step.target],
                conditions=[_condition(step)],
            )
        return machine


class _Token:
    """What the machine moves in place of a row, and throws away."""

    __slots__ = ("facts", "state")

    def __init__(self, state: str, facts: Any) -> None:
        self.state = state
        self.facts = facts


def _condition(step: Step[Any]) -> Callable[[Any], bool]:
    def may_pass(event: Any) -> bool:
        return step.open_to(event.model.facts)

    return may_pass


def _name(state: str | tuple[str, ...]) -> str:
    return state if isinstance(state, str) else "/".join(state)


ItemT = TypeVar("ItemT")


def _once(items: Iterable[ItemT]) -> tuple[ItemT, ...]:
    return tuple(dict.fromkeys(items))
