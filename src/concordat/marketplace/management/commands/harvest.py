"""`concordat harvest PATH`: bring catalogues in from a file or a folder of files."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.kernel.access import SYSTEM
from concordat.marketplace.actions import harvest
from concordat.marketplace.feeds import FeedError, Line, read

_SUFFIXES = {
    ".csv",
    ".tsv",
    ".json",
    ".jsonld",
    ".ttl",
    ".rdf",
    ".xml",
    ".n3",
    ".nt",
    ".trig",
    ".jsonl",
}


class Command(BaseCommand):
    """Read catalogues, bring them in, write the report."""

    help = "Bring in catalogues (CSV, DCAT, data.json, CKAN) from a file or a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, under which name, where the report goes."""
        parser.add_argument("path", type=Path)
        parser.add_argument("--source", default="", help="Name of the source; else the file's own")
        parser.add_argument(
            "--publisher", default="", help="Who publishes the rows that name nobody"
        )
        parser.add_argument("--report", type=Path, help="Write every line of the report as CSV")
        parser.add_argument("--json", action="store_true", help="Say the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Each file is a source of its own; a file that cannot be read stops none of the others."""
        files = _files(options["path"])
        counts: Counter[str] = Counter()
        lines: list[Line] = []
        for path in files:
            source = options["source"] or _source(path, options["path"])
            try:
                run = harvest(
                    SYSTEM, source, read(path, options["publisher"]), self._progress(path.name)
                )
            except FeedError as error:
                if len(files) == 1:
                    raise CommandError(str(error)) from error
                counts["files refused"] += 1
                lines.append(Line(path.name, "rejected", str(error)))
                continue
            counts += run.counts
            lines += run.lines
        if options["report"]:
            _write(options["report"], lines)
        self._say(counts, as_json=options["json"])

    def _progress(self, name: str) -> Any:
        return lambda done: self.stderr.write(f"\r{name}: {done:,} datasets ", ending="")

    def _say(self, counts: Counter[str], *, as_json: bool) -> None:
        self.stderr.write("")
        if as_json:
            self.stdout.write(json.dumps(dict(sorted(counts.items()))))
            return
        for name, count in sorted(counts.items()):
            self.stdout.write(f"{name}: {count:,}")


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = (
        sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES) if path.is_dir() else []
    )
    if not found:
        raise CommandError(f"{path} holds no catalogue file ({', '.join(sorted(_SUFFIXES))}).")
    return found


def _source(path: Path, root: Path) -> str:
    name = path.relative_to(root).as_posix() if root.is_dir() else path.name
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64]


def _write(target: Path, lines: list[Line]) -> None:
    opened = sys.stdout if str(target) == "-" else target.open("w", encoding="utf-8", newline="")
    with opened as out:
        writer = csv.DictWriter(out, ["place", "outcome", "message", "field", "before"])
        writer.writeheader()
        writer.writerows(asdict(line) for line in lines)
