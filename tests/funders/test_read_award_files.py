"""JSON of awards and funders is held to the room that a table has, before it is taken apart."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace

import pytest

from innovation.funders.row_files import MUCH, TOO_DEEP, read_rows
from innovation.tables import PAGE, Room, TableFault

AWARD = {"id": "a1", "funder": "Demo past foundation", "title": "A grant", "amount": 5, "currency": "ZAR"}


def reason(content: bytes, name: str, room: Room = PAGE) -> str:
    with pytest.raises(TableFault) as fault:
        read_rows(content, name, room)
    return fault.value.reasons[0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"[" + b"{}," * 1_000_000 + b"{}]", "a.json"),
        (b'{"grants":[' + b'{"a":0},' * 600_000 + b"{}]}", "a.json"),
        (b'[{"a":[' + b"[]," * 1_000_000 + b"[]]}]", "a.json"),
        (b'{"a":["' + b'b","' * 2_100_000 + b'"]}', "a.json"),
        (b"{}\n" * 1_000_000, "a.jsonl"),
        (b"\n" * 3_000_000, "a.ndjson"),
    ],
)
def test_a_file_of_very_many_small_things_is_refused_at_little_cost(content: bytes, name: str) -> None:
    tracemalloc.start()
    try:
        told = reason(content, name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert told == MUCH
    assert peak < 60_000_000


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_json_file_is_as_large_as_a_table_may_be(name: str) -> None:
    content, room = b'{"a": 1}', replace(PAGE, bytes=5_000_000)

    assert len(read_rows(content.ljust(5_000_000), name, room)) == 1
    assert reason(content.ljust(5_000_001), name, room) == (
        "The file is too large. Split it into parts of at most 5 MB."
    )


@pytest.mark.parametrize(("name", "between"), [("a.json", ","), ("a.jsonl", "\n")])
def test_rows_up_to_the_room_are_read_and_one_more_is_refused(name: str, between: str) -> None:
    def of(count: int) -> bytes:
        text = between.join(['{"a": 1}'] * count)
        return (f"[{text}]" if name == "a.json" else text).encode()

    room = replace(PAGE, lines=3)

    assert [number for number, _row in read_rows(of(3), name, room)] == [1, 2, 3]
    assert reason(of(4), name, room) == MUCH


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_hundred_thousand_awards_are_read(name: str) -> None:
    lines = [json.dumps(AWARD)] * 100_000
    content = f"[{','.join(lines)}]" if name == "a.json" else "\n".join(lines)

    rows = read_rows(content.encode(), name)

    assert (len(rows), rows[-1]) == (100_000, (100_000, AWARD))


@pytest.mark.parametrize("depth", [60, 480, 3_000])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_what_is_nested_very_deep_is_refused(name: str, depth: int) -> None:
    content = ('{"a":' * depth + "1" + "}" * depth).encode()

    assert reason(content, name) == TOO_DEEP
    assert reason(b'{"a": 1}\n' + content, "a.jsonl") == TOO_DEEP


def test_a_line_of_json_ends_only_where_the_line_does() -> None:
    lines = ['{"a": "one\u2028two\x85three"}', "", '{"a": "three"}']

    rows = read_rows("\r\n".join(lines).encode(), "a.jsonl")

    assert rows == [(1, {"a": "one\u2028two\x85three"}), (3, {"a": "three"})]
