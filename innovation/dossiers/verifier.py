"""Checks a dossier without Gatehouse: that no file in it was changed, and that its chain of events is whole.

    python3 verify.py                 checks the folder in which this file lies
    python3 verify.py LP26-0317.zip   checks a dossier that is still packed

It needs Python 3.8 or newer and nothing else. It ends with 1, and says where, when something is not as it was written.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
Reader = Callable[[str], bytes]


def check_files(read: Reader) -> list[str]:
    """What manifest.json says of every file, held against the file."""
    faults = []
    for name, said in sorted(json.loads(read("manifest.json")).items()):
        try:
            content = read(name)
        except (KeyError, OSError):
            faults.append(f"{name} is missing.")
            continue
        if hashlib.sha256(content).hexdigest() != said["sha256"]:
            faults.append(f"{name} was changed.")
    return faults


def check_chain(read: Reader) -> list[str]:
    """Every event follows from the one before it, is as it was written, and the last one is the head."""
    faults = []
    head = json.loads(read("events/head.json"))
    events = [json.loads(line) for line in read("events/chain.jsonl").decode().splitlines() if line]
    seq, previous = (events[0]["seq"] - 1, events[0]["previous_hash"]) if events else (0, GENESIS)
    if seq == 0 and previous != GENESIS:
        faults.append("The first event follows from one that is not here.")
    for event in events:
        if event["seq"] != seq + 1:
            faults.append(f"Event {seq + 1} is missing.")
        elif event["previous_hash"] != previous:
            faults.append(f"Event {event['seq']} does not follow from the one before it.")
        if event_hash(event) != event["hash"]:
            faults.append(f"Event {event['seq']} was altered.")
        seq, previous = event["seq"], event["hash"]
    if (seq, previous) != (head["seq"], head["hash"]):
        faults.append(f"The newest event here, {seq}, is not the head of the chain, {head['seq']}.")
    return faults


def event_hash(event: dict[str, Any]) -> str:
    """SHA-256 over the hash before it and every field, as JSON: the way in which Gatehouse writes it."""
    fields = ("previous_hash", "subject", "seq", "kind", "at", "actor_id", "facts")
    return hashlib.sha256(json.dumps([event[name] for name in fields]).encode()).hexdigest()


def check(read: Reader) -> tuple[list[str], bool]:
    """The faults of a dossier, and whether it holds a chain."""
    faults = check_files(read)
    has_chain = "events/chain.jsonl" in json.loads(read("manifest.json"))
    return faults + (check_chain(read) if has_chain else []), has_chain


def reader_of(place: Path) -> Reader:
    """Reads files of a folder, or of a packed dossier."""
    if place.is_dir():
        return lambda name: (place / name).read_bytes()
    packed = zipfile.ZipFile(place)
    return packed.read


def main(arguments: list[str]) -> int:
    place = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        faults, has_chain = check(reader_of(place))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"This is no whole dossier: {error}\n")
        return 1
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not has_chain:
        sys.stdout.write("This dossier holds no chain of events; left-out.txt says why.\n")
    sys.stdout.write("This dossier is NOT as it was written.\n" if faults else "This dossier is as it was written.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
