"""The open file of a day set against the public log: nothing changed in it, nothing missing.

The file `<day>.json` holds one evaluation a line; beside it `<day>.manifest.json` says how many there
are, the SHA-256 of each form, and the seal of the log on which it rests. What is checked:

- each version's digest is reckoned again from its body and the digest before it, what was opened
  since it was hidden matches its commitment, and the log holds the digest;
- what the file says of an evaluation is what the log says of it;
- each evaluation that by the log, up to that seal, was open to everyone is in the file.
"""

from __future__ import annotations

import hashlib
import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from concordat.evaluations.rules.versions import digest_of
from concordat.kernel.audit.commitment import commit
from concordat.kernel.lifecycle import Visibility

KIND: Final = "evaluation"
LINE: Final = b'{"reference": '  # how the line of an evaluation begins
FORMS: Final = ("json", "csv", "parquet")
_PIECE: Final = 1 << 20


@dataclass
class _Told:
    """What the log says of one evaluation: its facts as they came to be, and whether it was open at
    the seal."""

    version: int = -1
    facts: dict[str, Any] = field(default_factory=dict)
    was_open: bool = False


class OpenFile:
    """An open file, at a path or an address, that hears what the log says and is then set against it.

    Raises ValueError or OSError where its manifest cannot be read.
    """

    def __init__(self, place: str) -> None:
        self.stem = place.removesuffix(".json")
        with _opened(f"{self.stem}.manifest.json") as file:
            self.manifest = json.loads(file.read())
        try:
            self.seal = str(self.manifest["seal"]["hash"])
            self.size = int(self.manifest["seal"]["size"])
            self.made_at = datetime.fromisoformat(self.manifest["made_at"])
        except (KeyError, TypeError) as error:
            raise ValueError("this is no manifest") from error
        self.log: dict[str, _Told] = {}
        self.digests: set[str] = set()
        self.unproven = 0

    def see(self, position: int, body: Mapping[str, Any]) -> None:
        """One public entry of the log, in order."""
        shown = body.get("shown") or {}
        if body.get("name") == "plan:fix":
            self.digests |= {str(shown.get("digest"))}
        if body.get("kind") != KIND:
            return
        told = self.log.setdefault(str(body["reference"]), _Told())
        told.version = int(body["version"])
        told.facts.update(shown)
        if position < self.size:
            told.was_open = body["visibility"] == Visibility.PUBLIC

    def problems(self, last_seal_at: str = "") -> Iterator[str]:
        """What is wrong. What is newer than the last seal is not proved yet, and counted so."""
        strict = bool(last_seal_at) and datetime.fromisoformat(last_seal_at) > self.made_at
        yield from self._sums()
        seen = set[str]()
        with _opened(f"{self.stem}.json") as file:
            for line in file:
                if line.startswith(LINE):
                    row = json.loads(line.rstrip().rstrip(b","))
                    seen.add(str(row["reference"]))
                    yield from self._row(row, strict=strict)
        if len(seen) != (said := self.manifest.get("evaluations")):
            yield f"The file holds {len(seen)} evaluations, its manifest says {said}."
        for reference, told in self.log.items():
            if reference not in seen and told.was_open and not self._shut(told):
                yield f"{reference}: open by the log, and not in the file."

    def _shut(self, told: _Told) -> bool:
        """Whether an embargo still held when the file was made."""
        opens = told.facts.get("opens_at")
        return bool(opens) and datetime.fromisoformat(str(opens)) > self.made_at

    def _sums(self) -> Iterator[str]:
        for form in FORMS:
            said = self.manifest.get("files", {}).get(form, {}).get("sha256")
            digest = hashlib.sha256()
            with _opened(f"{self.stem}.{form}") as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
            if digest.hexdigest() != said:
                yield f"The {form} file is not the one of the manifest: it was changed."

    def _row(self, row: Mapping[str, Any], *, strict: bool) -> Iterator[str]:
        name = row["reference"]
        previous = ""
        for version in row["versions"]:
            yield from self._version(
                f"{name}, version {version['number']}", version, previous, strict
            )
            previous = version["digest"]
        if row["digest"] != previous:
            yield f"{name}: its newest version is missing, or is not the one it names."
        told = self.log.get(name)
        if told is None or told.version < row["version"]:
            if strict:
                yield f"{name}: the log does not know what the file says of it."
            else:
                self.unproven += 1
        elif told.version == row["version"]:
            for fact, value in told.facts.items():
                if fact in row and row[fact] != value:
                    yield f"{name}: its {fact.replace('_', ' ')} is not what the log says."

    def _version(
        self, where: str, version: Mapping[str, Any], previous: str, strict: bool
    ) -> Iterator[str]:
        if version["previous"] != previous:
            yield f"{where}: a version before it was dropped, added or reordered."
        if digest_of(version["previous"], version["body"]) != version["digest"]:
            yield f"{where}: it was changed; its digest does not match."
        elif version["digest"] not in self.digests:
            if strict or version["made_at"] < self.manifest["seal"]["at"]:
                yield f"{where}: the log knows no version of that digest."
            else:
                self.unproven += 1
        for path, secret in version["opened"].items():
            if not _matches(version["body"]["plan"], path, secret):
                yield f"{where}: what was opened of {path} is not what was hidden."


def _matches(plan: Mapping[str, Any], path: str, secret: Mapping[str, Any]) -> bool:
    section, _, fact = path.partition(".")
    held = plan.get(section, {})
    sealed = held.get(fact) if fact else held
    if not isinstance(sealed, Mapping):
        return False
    return commit(secret["value"], bytes.fromhex(secret["salt"])).hex() == sealed.get("hidden")


def _opened(place: str) -> AbstractContextManager[IO[bytes]]:
    """A file by its path or its http(s) address."""
    if place.startswith(("http://", "https://")):
        opened: Any = urllib.request.urlopen(place, timeout=60)  # noqa: S310
        return opened
    return Path(place).open("rb")
