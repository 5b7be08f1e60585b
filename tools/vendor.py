"""Checks that the vendored browser files are the ones listed in vendor.json, each with its licence."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "innovation" / "static" / "vendor"


def sha384(path: Path) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def faults(vendor: Path) -> list[str]:
    """Every way in which the folder differs from its vendor.json, in plain words; empty when it does not."""
    packages = json.loads((vendor / "vendor.json").read_text(encoding="utf-8"))
    found: list[str] = []
    listed = {vendor / "vendor.json"}
    for package in packages:
        folder = vendor / f"{package['name']}-{package['version']}"
        if not package.get("licence"):
            found.append(f"{folder.name}: names no licence")
        if "LICENSE" not in package["files"]:
            found.append(f"{folder.name}: has no LICENSE file listed")
        for name, digest in package["files"].items():
            path = folder / name
            listed.add(path)
            if not path.is_file():
                found.append(f"{folder.name}/{name}: is missing")
            elif sha384(path) != digest:
                found.append(f"{folder.name}/{name}: has changed")
    strays = sorted(path for path in vendor.rglob("*") if path.is_file() and path not in listed)
    return found + [f"{path.relative_to(vendor)}: is not listed" for path in strays]


def write(vendor: Path) -> None:
    """Record the digests of the files as they are now, after a person has replaced them on purpose."""
    target = vendor / "vendor.json"
    packages = json.loads(target.read_text(encoding="utf-8"))
    for package in packages:
        folder = vendor / f"{package['name']}-{package['version']}"
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        package["files"] = {path.relative_to(folder).as_posix(): sha384(path) for path in files}
    target.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="fail when a file differs from the list")
    what.add_argument("--write", action="store_true", help="record the files as they are now")
    if parser.parse_args().write:
        write(VENDOR)
    found = faults(VENDOR)
    for fault in found:
        print(f"vendor: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
