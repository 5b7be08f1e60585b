"""Pictures are drawn anew: upright, no larger than is of use, and without taking much more room than they need."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from innovation.ideas import filecheck

UNFOLDED = """
import re, struct, zlib
from pathlib import Path

from PIL import Image

from innovation.ideas import filecheck

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

def most_memory():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

rows = zlib.compressobj(9)
packed = b"".join(rows.compress(bytes(6300 * 3 + 1)) for _row in range(6300)) + rows.flush()
size = struct.pack(">IIBBBBB", 6300, 6300, 8, 2, 0, 0, 0)
signature = bytes([137, 80, 78, 71, 13, 10, 26, 10])
picture = signature + chunk(b"IHDR", size) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
Image.init()
before = most_memory()
filecheck.check("black.png", picture, 5_000_000)
print(most_memory() - before)
"""


def test_a_large_picture_that_lies_on_its_side_is_made_smaller_and_stands_upright() -> None:
    exif, drawn = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # the camera was turned to the right
    Image.new("RGB", (4000, 2000)).save(drawn, "JPEG", exif=exif)

    checked = filecheck.check("sketch.jpg", drawn.getvalue(), 5_000_000)

    with Image.open(io.BytesIO(checked.content)) as image:
        assert (image.size, dict(image.getexif())) == ((1500, 3000), {})


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_photo_stands_upright_though_its_camera_wrote_its_height_as_a_word(kind: str) -> None:
    height, turned = struct.pack(">HHL4s", 0x0101, 2, 4, b"low\0"), struct.pack(">HHLHH", 0x0112, 3, 1, 6, 0)
    exif, drawn = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + height + turned + bytes(4), io.BytesIO()
    Image.new("RGB", (40, 20)).save(drawn, kind, exif=exif)

    checked = filecheck.check("sketch", drawn.getvalue(), 5_000_000)

    with Image.open(io.BytesIO(checked.content)) as image:
        assert (image.size, dict(image.getexif())) == ((20, 40), {})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not tell what a process took")
def test_a_small_file_that_unfolds_to_a_large_picture_takes_little_more_than_the_picture() -> None:
    took = subprocess.run([sys.executable, "-c", UNFOLDED], capture_output=True, text=True, check=True).stdout

    assert int(took) < 330  # MB: the picture alone has 160
