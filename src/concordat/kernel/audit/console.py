"""`concordat verify`: needs nothing but the public files."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable
from pathlib import Path

from concordat.kernel.audit.verify import Report, Witness, verify, verify_proof


def main(arguments: list[str], opener: Callable[[str], Witness] | None = None) -> int:
    """Check a folder or an address, or one proof file; 0 when all is well, 1 when it is not.

    `opener` makes a witness of an open file (`--open`).
    """
    parser = argparse.ArgumentParser(prog="concordat verify", description=__doc__)
    parser.add_argument("place", help="Folder or address of the public files, such as …/audit")
    parser.add_argument("--json", action="store_true", help="Report as JSON")
    parser.add_argument("--seal", default="", help="Hash of a seal you kept: it must be there")
    parser.add_argument("--proof", action="store_true", help="PLACE is one proof file")
    parser.add_argument(
        "--open",
        default="",
        help="An open file (path or address of its JSON) to set against the log",
    )
    given = parser.parse_args(arguments)
    if given.proof:
        wrong = _proof(Path(given.place), given.seal)
        unsaid = "" if given.seal else " Compare its seal with one from elsewhere: --seal HASH."
        sys.stdout.write((wrong or f"The proof holds.{unsaid}") + "\n")
        return 1 if wrong else 0
    report = _verified(given, opener)
    if given.json:
        told = [f.name for f in dataclasses.fields(report) if f.name != "witness"]
        found = {**{name: getattr(report, name) for name in told}, "ok": report.ok}
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        for problem in report.problems:
            sys.stdout.write(f"WRONG: {problem}\n")
        sys.stdout.write(
            f"{'Verified' if report.ok else 'NOT verified'}: {report.seals:,} seals, "
            f"{report.leaves:,} entries, {report.bodies:,} of them public.\n"
        )
        if report.witness is not None and report.witness.unproven:
            sys.stdout.write(
                f"{report.witness.unproven:,} things in the open file are newer than the last seal: "
                "check it again tomorrow.\n"
            )
    return 0 if report.ok else 1


def _verified(given: argparse.Namespace, opener: Callable[[str], Witness] | None) -> Report:
    """The report on the log, and on the open file where one is given."""
    if not given.open or opener is None:
        return verify(given.place, given.seal)
    try:
        return verify(given.place, given.seal, opener(given.open))
    except (OSError, ValueError) as error:
        report = Report()
        report.say(f"The open file's manifest cannot be read: {error}")
        return report


def _proof(place: Path, seal: str) -> str:
    """What is wrong with a proof file, or ""."""
    try:
        return verify_proof(json.loads(place.read_text(encoding="utf-8")), seal)
    except (OSError, ValueError) as error:
        return f"This is not a proof: {error}"
