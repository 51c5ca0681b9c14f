"""`concordat verify`: needs nothing but the public files."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from concordat.kernel.audit.verify import verify, verify_proof


def main(arguments: list[str]) -> int:
    """Check a folder or an address, or one proof file; 0 when all is well, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="concordat verify", description=__doc__)
    parser.add_argument("place", help="Folder or address of the public files, such as …/audit")
    parser.add_argument("--json", action="store_true", help="Report as JSON")
    parser.add_argument("--seal", default="", help="Hash of a seal you kept: it must be there")
    parser.add_argument("--proof", action="store_true", help="PLACE is one proof file")
    given = parser.parse_args(arguments)
    if given.proof:
        wrong = _proof(Path(given.place), given.seal)
        unsaid = "" if given.seal else " Compare its seal with one from elsewhere: --seal HASH."
        sys.stdout.write((wrong or f"The proof holds.{unsaid}") + "\n")
        return 1 if wrong else 0
    report = verify(given.place, given.seal)
    if given.json:
        found = {**dataclasses.asdict(report), "ok": report.ok}
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        for problem in report.problems:
            sys.stdout.write(f"WRONG: {problem}\n")
        sys.stdout.write(
            f"{'Verified' if report.ok else 'NOT verified'}: {report.seals:,} seals, "
            f"{report.leaves:,} entries, {report.bodies:,} of them public.\n"
        )
    return 0 if report.ok else 1


def _proof(place: Path, seal: str) -> str:
    """What is wrong with a proof file, or ""."""
    try:
        return verify_proof(json.loads(place.read_text(encoding="utf-8")), seal)
    except (OSError, ValueError) as error:
        return f"This is not a proof: {error}"
