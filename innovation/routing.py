"""How addresses are read and written: numbers that a column can hold, and rules compiled when they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import IntegerConverter, Map, Rule


class Number(IntegerConverter):
    """A number in an address that a column can hold; nothing answers to a larger one."""

    def __init__(self, map: Map, **rules: Any) -> None:
        super().__init__(map, **({"max": 2_147_483_647} | rules))


class LateRule(Rule):
    """A rule whose way of writing addresses is compiled when the first one is written.

    werkzeug compiles two functions a rule from syntax trees: for all rules, a tenth of the time to the first answer.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []

        def build(rule: LateRule, *args: Any, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super()._compile_builder(append_unknown))
            return compiled[0](rule, *args, **values)

        return build
