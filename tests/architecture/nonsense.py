"""What no form expects: values of every nasty kind, and bodies that hold them in every way a body can."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

File = tuple[str, bytes]
Value = str | File
NASTY = (
    *("", " ", "\x00", "a\x00b", "\ud83d", "\udfff\ud800", "\ufeff", "\u202e", "\u212a", "ı", "🙂" * 40, "\r\nX: y"),
    *("0", "-1", "-0", "00", "2147483648", "-2147483649", "9223372036854775808", "9" * 400, "1e999", "NaN", "-inf"),
    *("0x1f", "1_000", "٣", "²", "½", "1,5", "1.5.5", "+7", "R480 000", "R1e9", "999999999999.99", "1" * 5000),
    *("0000-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-13-01", "-0001-01-01", "2026-1-1", "20260101"),
    *("2026-01-01T25:00", "0001-01-01", "31 Feb", "true", "null", "[]", "{}", "[object Object]", "undefined", "None"),
    *("'; DROP TABLE idea; --", '" OR 1=1', "%", "_", "\\", "%s%n", "{{ 7*7 }}", "${7*7}", "%(name)s", "%d", "{0}"),
    *("<script>alert(1)</script>", "<svg onload=alert(1)>", "javascript:alert(1)", "data:text/html,x", "//elsewhere"),
    *("/\\elsewhere", "https:elsewhere", "http://[", "http://[::1", "http://a:99999", "http://\u2100.example", "//["),
    *("a@b", "a@b.c" * 60, '"a b"@example.org', "a@[127.0.0.1]", "a@\u0430.example", "@", "x@example.org\nBcc: y@z"),
    *("programme:", "programme:0", "region:-1", "site:1", "clinic:9" * 30, "../../etc/passwd", "..", "a/b", "C:\\x"),
)
FILES = (
    b"",
    b"\x00" * 40,
    b"%PDF-",
    b"PK\x03\x04",
    b"PK\x05\x06" + b"\x00" * 18,
    b"\xff\xd8\xff\xe0\x00\x10JFIF",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    b"\xff\xfet\x00i\x00t\x00l\x00e\x00",
    b'title,problem\n"a,b\n',
    b"title;problem\n\xe9;\xe8\n",
    b"[",
    b'{"a": [[[[',
    b"null",
    b"<svg/>",
    b"GIF89a",
)


@dataclass(frozen=True)
class Sending:
    """A body and its kind."""

    pairs: tuple[tuple[str, Value], ...]
    kind: str

    def body(self) -> tuple[bytes, str]:
        if self.kind == "json":
            return json.dumps({name: _plain(value) for name, value in self.pairs}).encode(), "application/json"
        if self.kind == "multipart":
            return _multipart(self.pairs), "multipart/form-data; boundary=limit"
        pairs = (f"{_quoted(name)}={_quoted(_plain(value))}" for name, value in self.pairs)
        return "&".join(pairs).encode(), "application/x-www-form-urlencoded"


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else value[1].decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return quote_from_bytes(_bytes(text))


def _multipart(pairs: tuple[tuple[str, Value], ...]) -> bytes:
    parts = []
    for name, value in pairs:
        said = f'form-data; name="{name}"' + ("" if isinstance(value, str) else f'; filename="{value[0]}"')
        content = _bytes(value) if isinstance(value, str) else value[1]
        parts.append(b"--limit\r\nContent-Disposition: " + _bytes(said) + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--limit--\r\n"


VALUES: st.SearchStrategy[Value] = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.tuples(
        st.sampled_from(("x.pdf", "x.csv", "x.xlsx", "x.png", "", "..", "a\u202ecsv.exe")), st.sampled_from(FILES)
    ),
)


@st.composite
def sendings(draw: st.DrawFn, names: list[str], whole: list[dict[str, Any]]) -> Sending:
    """A form as it is sent by somebody who fills it in well, with some of its fields spoilt, left out or repeated."""
    fields: dict[str, list[Value]] = {}
    if whole and draw(st.booleans()):
        fields = {name: list(values) for name, values in draw(st.sampled_from(whole)).items()}
    every = sorted({*names, *fields}) or ["anything"]
    for name in draw(st.lists(st.sampled_from(every), max_size=6 if fields else 12, unique=True)):
        fields[name] = draw(st.lists(VALUES, max_size=3))
    pairs = tuple((name, value) for name, values in fields.items() for value in values)
    return Sending(pairs, draw(st.sampled_from(("multipart", "multipart", "urlencoded", "json"))))
