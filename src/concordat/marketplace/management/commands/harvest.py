"""`concordat harvest PATH`: bring catalogues in from a file or a folder of files."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.kernel.access import SYSTEM
from concordat.kernel.doors.exports import defused
from concordat.kernel.text import check_line, tidy
from concordat.marketplace.actions import harvest
from concordat.marketplace.feeds import FeedError, Line, read, read_all

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
        """One harvest a source, over all its files; a file that cannot be read stops no other."""
        root = options["path"]
        files = _files(root)
        publisher = _line(options["publisher"], "--publisher", 255)
        named = _line(options["source"], "--source", 64)
        sources = {named: files} if named else _sources(files, root)
        counts: Counter[str] = Counter()
        lines: list[Line] = []
        for source, paths in sources.items():
            found = read(files[0], publisher) if len(files) == 1 else read_all(paths, publisher)
            try:
                run = harvest(SYSTEM, source, found, self._progress(source))
            except FeedError as error:
                raise CommandError(_shown(str(error))) from error
            counts += run.counts
            lines += run.lines
        if options["report"]:
            _write(options["report"], lines)
        self._say(counts, as_json=options["json"])

    def _progress(self, name: str) -> Any:
        shown = _shown(name)
        return lambda done: self.stderr.write(f"\r{shown}: {done:,} datasets ", ending="")

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


def _line(given: str, option: str, most: int) -> str:
    """What an option says, as one line. Raises CommandError for what no name may hold."""
    text = tidy(given)
    try:
        check_line(text)
    except ValidationError as error:
        raise CommandError(f"{option}: {' '.join(error.messages)}") from error
    if len(text) > most:
        raise CommandError(f"{option}: use {most} characters or fewer.")
    return text


def _sources(files: Iterable[Path], root: Path) -> dict[str, list[Path]]:
    """Each file a source of its own, under a name that no other file has."""
    made: dict[str, list[Path]] = {}
    for path in files:
        name = path.relative_to(root).as_posix() if root.is_dir() else path.name
        slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:64]
        if slug in made:
            told = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:7]
            slug = f"{slug[:56]}-{told}"
        made[slug] = [path]
    return made


def _shown(text: str) -> str:
    """Text that any terminal and file can take: a file's name may hold half a character."""
    return text.encode("utf-8", "backslashreplace").decode()


def _write(target: Path, lines: list[Line]) -> None:
    if str(target) == "-":
        _write_to(sys.stdout, lines)
        return
    with target.open("w", encoding="utf-8", errors="backslashreplace", newline="") as out:
        _write_to(out, lines)


def _write_to(out: Any, lines: list[Line]) -> None:
    """The report as CSV that no spreadsheet will run."""
    writer = csv.writer(out)
    writer.writerow(["place", "outcome", "message", "field", "before"])
    for line in lines:
        writer.writerow([defused(_shown(cell)) for cell in asdict(line).values()])
