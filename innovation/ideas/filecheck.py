"""Which files are let in: judged by what they hold, not by what they are called."""

from __future__ import annotations

import io
import re
import threading
import unicodedata
import zipfile
import zlib
from typing import Any

from innovation.values import dataclass
from workflows import Refused

MOST_UNPACKED = 200_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3000
HELD = 0x0112  # where a picture says how its camera was held
drawing = threading.Lock()  # a picture of a few KB may unfold to 250 MB: one at a time in a process
IMAGES = {"image/jpeg": ("JPEG", "jpg"), "image/png": ("PNG", "png"), "image/webp": ("WEBP", "webp")}
OFFICE = "application/vnd.openxmlformats-officedocument."
PACKAGES = {
    "word/": (OFFICE + "wordprocessingml.document", "docx"),
    "xl/": (OFFICE + "spreadsheetml.sheet", "xlsx"),
    "ppt/": (OFFICE + "presentationml.presentation", "pptx"),
}
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
KINDS = "PDF, pictures (JPEG, PNG, WebP), Word, Excel, PowerPoint, OpenDocument (ODT, ODS), CSV and plain text"
UNKNOWN = f"This kind of file cannot be taken. These can: {KINDS}."
MACROS = "This file holds macros, which could do harm. Save it without macros and try again."
BURSTS = "This file is far larger once it is opened. Make it smaller and try again."
BROKEN_IMAGE = "This picture cannot be read. Save it again as JPEG or PNG."
RUN = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<!--", "#!", "{\\rtf", "%!ps")
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.pptx,.odt,.ods,.csv,.txt"


@dataclass(frozen=True)
class Checked:
    """A file that may be kept; pictures have been drawn anew, without where and when they were taken."""

    name: str
    content: bytes
    content_type: str


def check(name: str, content: bytes, limit: int) -> Checked:
    """The file as it may be kept; ``Refused`` in plain words when it may not."""
    from filetype import guess_mime

    if not content:
        raise Refused(("This file is empty. Choose another one.",))
    if len(content) > limit:
        raise Refused((f"This file is too large. It may have at most {limit // 1_000_000} MB.",))
    kind = guess_mime(content)
    if kind in IMAGES:
        with drawing:
            content, ending = _drawn_anew(content, kind), IMAGES[kind][1]
    elif content.startswith(b"%PDF-"):
        kind, ending = "application/pdf", "pdf"
    elif content.startswith(b"PK\x03\x04"):
        kind, ending = _package(content)
    elif kind is None and (text := _text(content)):
        content = text.encode()
        ending = "csv" if name.lower().endswith(".csv") else "txt"
        kind = "text/csv" if ending == "csv" else "text/plain"
    else:
        raise Refused((UNKNOWN,))
    return Checked(clean_name(name, ending), content, kind)


def is_image(content_type: str) -> bool:
    return content_type in IMAGES


def clean_name(name: str, ending: str) -> str:
    """The name without folders, odd signs or a misleading ending, at most 120 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name else name
    stem = "".join(sign for sign in stem if sign.isprintable())
    stem = re.sub(r"[^\w\s().,+-]", "", stem)
    stem = re.sub(r"\s+", " ", stem).strip(" .")[:110]
    return f"{stem or 'file'}.{ending}"


def _drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture encoded again: nothing hidden in the file, no place or time of the photograph."""
    from PIL import Image, UnidentifiedImageError

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGES[kind][0]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused(("This picture has too many points. Make it smaller and try again.",))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before it is turned, which takes a copy
            drawn = _upright(image)
            wanted = (
                "RGB"
                if kind == "image/jpeg"
                else "RGBA"
                if "A" in drawn.getbands() or "transparency" in drawn.info
                else "RGB"
            )
            clean = Image.new(wanted, drawn.size)
            clean.paste(drawn.convert(wanted))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, *bombs):
        raise Refused((BROKEN_IMAGE,)) from None
    out = io.BytesIO()
    clean.save(out, IMAGES[kind][0], quality=85)
    return out.getvalue()


def _upright(image: Any) -> Any:
    """The picture as its camera was held. What else the camera says of it is left alone: some of it cannot be written
    again.
    """
    from PIL import Image

    turned = Image.Transpose
    ways = (
        turned.FLIP_LEFT_RIGHT,
        turned.ROTATE_180,
        turned.FLIP_TOP_BOTTOM,
        turned.TRANSPOSE,
        turned.ROTATE_270,
        turned.TRANSVERSE,
        turned.ROTATE_90,
    )
    way = dict(enumerate(ways, 2)).get(image.getexif().get(HELD))
    return image if way is None else image.transpose(way)


def _package(content: bytes) -> tuple[str, str]:
    """The kind of an office document from the parts in its package; an ordinary archive is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                raise Refused((BURSTS,))
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise Refused((MACROS,))
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                said = package.read("mimetype").strip()
                if said in OPEN_DOCUMENTS:
                    return said.decode(), OPEN_DOCUMENTS[said]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, zlib.error):
        raise Refused((UNKNOWN,)) from None
    if "[Content_Types].xml" in names:
        for folder, found in PACKAGES.items():
            if any(name.startswith(folder) for name in names):
                return found
    raise Refused((UNKNOWN,))


def _text(content: bytes) -> str:
    """The text of a file in one of the usual encodings; nothing for what is no text, or would run in a browser."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return ""
    if text.lstrip()[:200].lower().startswith(RUN):
        return ""
    return "" if any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n\f" for sign in text) else text
