"""Dataclasses whose methods are written late are the dataclasses that everybody knows."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from innovation.values import dataclass


@dataclass(frozen=True)
class Place:
    name: str
    districts: list[str] = dataclasses.field(default_factory=list)
    ring: int = 0


def test_values_are_written_down_compared_and_changed_as_ever() -> None:
    @dataclass(frozen=True)
    class School(Place):
        code: str = "A1"

    made = School("Thohoyandou", ring=2)

    assert repr(made).endswith("School(name='Thohoyandou', districts=[], ring=2, code='A1')")
    assert dataclasses.replace(made, ring=3) == School("Thohoyandou", [], 3, "A1") != made
    assert [field.name for field in dataclasses.fields(Place)] == ["name", "districts", "ring"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.ring = 1  # type: ignore[misc]


def test_an_heir_that_adds_nothing_is_made_as_its_elder_is() -> None:
    @dataclass
    class Elder:
        name: str
        told: list[str] = dataclasses.field(default_factory=list)

        def __post_init__(self) -> None:
            self.told.append(self.name)

    class Heir(Elder):
        pass

    first, second = Heir("first"), Elder("second")

    assert (type(first), first.told, second.told) == (Heir, ["first"], ["second"])
    with pytest.raises(TypeError, match=r"Elder.__init__\(\) missing 1 required positional argument: 'name'"):
        Elder()  # type: ignore[call-arg]


def test_nothing_is_written_for_a_class_that_nobody_makes_one_of() -> None:
    @dataclass(frozen=True)
    class Alone:
        name: str

    before = "__eq__" in vars(Alone)
    Alone("first")

    assert (before, "__eq__" in vars(Alone)) == (False, True)


def test_threads_that_make_the_first_one_at_the_same_moment_all_get_theirs() -> None:
    for _time in range(20):
        made = dataclass(frozen=True)(type("Made", (), {"__annotations__": {"number": int}, "__module__": __name__}))
        assert _at_once(made) == [made(number) for number in range(8)]


def _at_once(made: Any) -> list[Any]:
    together = Barrier(8)

    def make(number: int) -> Any:
        together.wait()
        return made(number)

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(make, range(8)))


def test_what_is_written_late_leaves_no_class_among_the_heirs() -> None:
    @dataclass(frozen=True)
    class Fact:
        idea_id: int

    Fact(1)

    assert Fact.__subclasses__() == []
