"""A page of text as a small PDF, for the letters and reports of the demonstration."""

from __future__ import annotations

import textwrap

WIDTH, LINES = 84, 44


def pdf(title: str, text: str) -> bytes:
    """One A4 page with a heading and the text, in a typeface that every reader has."""
    lines = [line for part in text.splitlines() for line in (textwrap.wrap(part, WIDTH) or [""])][:LINES]
    content = ["BT /F2 15 Tf 60 780 Td", f"({_plain(title[:60])}) Tj", "/F1 11 Tf 0 -14 Td 15 TL T*"]
    content += [f"({_plain(line)}) Tj T*" for line in lines] + ["ET"]
    stream = "\n".join(content).encode("cp1252")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
            b" /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
            font % b"Helvetica",
            font % b"Helvetica-Bold",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    )


def _plain(text: str) -> str:
    """The text as the page's typeface can write it, with its own signs kept apart."""
    known = text.replace("ḓ", "d").replace("Ḓ", "D").encode("cp1252", "replace").decode("cp1252")
    return known.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + head + table + tail
