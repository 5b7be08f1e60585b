"""What a definition asks for in forms: choices, the columns of tables, and questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    key: str
    name: str


@dataclass(frozen=True)
class Column:
    key: str
    name: str
    type: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    key: str
    question: str
    type: str
    choices: tuple[Choice, ...] = ()
    required: bool = True
