"""Asks for known faults of every locked package: fails when there is one, and says LEFT OUT when nobody answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent.parent / "requirements-dev.lock"  # holds the other one too
COMMAND = (
    "pip_audit",
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner",
    "off",
    "--timeout",
    "5",
    "-f",
    "json",
)


def report(lock: Path) -> dict[str, Any] | None:
    """What the audit found; None when it could not be made."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", *COMMAND, "-r", str(lock)], capture_output=True, text=True, timeout=300
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found if isinstance(found, dict) else None


def verdict(found: dict[str, Any] | None) -> tuple[int, list[str]]:
    """How the audit ends, and what it says."""
    packages = found["dependencies"] if found else []
    asked = [package for package in packages if "skip_reason" not in package]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if not asked:
        return 0, ["LEFT OUT: the audit of dependencies; its service could not be asked. Run it again with a network."]
    faults = [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for package in asked
        for fault in package["vulns"]
    ]
    lines = [f"{len(asked)} packages asked about, {len(faults)} known faults.", *faults]
    if skipped:
        lines.append(f"LEFT OUT: {len(skipped)} packages that its service does not know: {', '.join(skipped)}")
    return (1 if faults else 0), lines


if __name__ == "__main__":
    code, lines = verdict(report(LOCK))
    print("\n".join(lines))
    sys.exit(code)
