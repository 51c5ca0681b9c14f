"""Check the log from its public files alone, on any machine, in flat memory."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from concordat.kernel.audit import merkle
from concordat.kernel.audit.archive import FIRST, SEALS, day_file, seal_hash
from concordat.kernel.audit.commitment import commit

MOST_PROBLEMS: Final = 100
_SEAL_KEYS: Final = {"number", "date", "at", "size", "root", "previous", "hash"}


class Witness(Protocol):
    """A file that rests on the log: it hears each public entry, and then says what is wrong with it.

    `seal` is the hash of the seal it rests on; `unproven` counts what is newer than the last seal.
    """

    seal: str
    unproven: int

    def see(self, position: int, body: Mapping[str, Any]) -> None:
        """One public entry, in order of place."""
        ...

    def problems(self, last_seal_at: str = "") -> Iterator[str]:
        """What is wrong, once it has heard them all. Raises OSError, ValueError, KeyError."""
        ...


@dataclass
class Report:
    """What was checked and what was found."""

    seals: int = 0
    leaves: int = 0
    bodies: int = 0
    last_seal: str = ""
    problems: list[str] = field(default_factory=list)
    witness: Witness | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """True when nothing is wrong and there was something to check."""
        return not self.problems and self.seals > 0

    def say(self, problem: str) -> None:
        """Note a problem; after a hundred the rest is one line."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


class _Source:
    """A folder, or an http(s) address."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")

    def lines(self, name: str) -> Iterator[tuple[str, Any]]:
        """(place, value) of each line. Raises ValueError for what is not JSON, OSError for what
        is not there."""
        if self.place.startswith(("http://", "https://")):
            opened: Any = urllib.request.urlopen(f"{self.place}/{name}", timeout=60)  # noqa: S310
        else:
            opened = (Path(self.place) / name).open("rb")
        with opened as lines:
            for number, line in enumerate(lines, 1):
                where = f"{name}, line {number}"
                try:
                    value = json.loads(line)
                except ValueError as error:
                    raise ValueError(f"{where} is not JSON") from error
                if not isinstance(value, dict):
                    raise ValueError(f"{where} is not an object")
                yield where, value


def verify(place: str, known_seal: str = "", witness: Witness | None = None) -> Report:
    """Re-check everything under `place` (a folder or an address).

    Each body against its commitment, each position, each root, the chain of seals. `known_seal`,
    the hash of a seal that somebody kept, must be among them: that is how a history that was
    rewritten from the start is found out. `witness` is a file to be set against it.
    """
    report = Report(witness=witness)
    source = _Source(place)
    tree = merkle.Frontier()
    try:
        seals = list(_seals(source, report))
        for day in dict.fromkeys(str(seal["date"]) for seal in seals):
            _check_day(source, day, [s for s in seals if s["date"] == day], tree, report)
    except (ValueError, OSError, KeyError, TypeError) as error:
        report.say(f"The files cannot be read: {error}")
    else:
        if known_seal and known_seal not in {seal["hash"] for seal in seals}:
            report.say(f"The seal {known_seal} that was kept is not among the seals: rewritten.")
        if not seals:
            report.say("There is no seal yet, so nothing can be checked.")
        elif witness is not None:
            _check_witness(witness, seals, report)
    return report


def _check_witness(witness: Witness, seals: list[dict[str, Any]], report: Report) -> None:
    if witness.seal not in {seal["hash"] for seal in seals}:
        report.say("The open file rests on a seal that is not among the seals.")
    try:
        for problem in witness.problems(seals[-1]["at"]):
            report.say(problem)
    except (ValueError, OSError, KeyError, TypeError, AttributeError) as error:
        report.say(f"The open file cannot be read: {error!r}")


def _seals(source: _Source, report: Report) -> Iterator[dict[str, Any]]:
    previous, number, size = FIRST, 0, 0
    for where, seal in source.lines(SEALS):
        if set(seal) != _SEAL_KEYS:
            raise ValueError(f"{where} is not a seal")
        if seal["hash"] != seal_hash(seal):
            report.say(f"{where}: the seal was changed; its hash does not match.")
        if seal["previous"] != previous or seal["number"] != number:
            report.say(f"{where}: a seal before this one was dropped, added or reordered.")
        if seal["size"] < size:
            report.say(f"{where}: the log became shorter.")
        previous, number, size = seal["hash"], seal["number"] + 1, seal["size"]
        report.seals += 1
        report.last_seal = seal["hash"]
        yield seal


def _check_day(
    source: _Source,
    day: str,
    seals: list[dict[str, Any]],
    tree: merkle.Frontier,
    report: Report,
) -> None:
    waiting = list(seals)
    _check_roots(waiting, tree, report)
    for where, leaf in source.lines(day_file(day)):
        if leaf.get("position") != tree.size:
            report.say(f"{where}: position {leaf.get('position')} where {tree.size} was due.")
        try:
            _check_body(where, leaf, report)
            tree.append(bytes.fromhex(leaf["commitment"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            report.say(f"{where}: this is not an entry.")
            continue
        report.leaves += 1
        _check_roots(waiting, tree, report)
    if seals and tree.size > seals[-1]["size"]:
        report.say(
            f"{tree.size - seals[-1]['size']} entries of {day} stand under no seal: they were added."
        )
    for seal in waiting:
        report.say(
            f"Seal {seal['number']}: {seal['size'] - tree.size} entries of {day} are missing."
        )


def _check_roots(waiting: list[dict[str, Any]], tree: merkle.Frontier, report: Report) -> None:
    while waiting and waiting[0]["size"] == tree.size:
        seal = waiting.pop(0)
        if seal["root"] != tree.root().hex():
            report.say(
                f"Seal {seal['number']} ({seal['date']}): its root does not match the entries; "
                "one at or before it was changed, dropped, added or reordered."
            )


def _check_body(where: str, leaf: dict[str, Any], report: Report) -> None:
    if "body" not in leaf:
        return
    report.bodies += 1
    if commit(leaf["body"], bytes.fromhex(leaf["salt"])).hex() != leaf["commitment"]:
        report.say(
            f"{where}: entry {leaf['body'].get('name')} {leaf['body'].get('reference')} was changed."
        )
    elif report.witness is not None:
        report.witness.see(leaf["position"], leaf["body"])


def verify_proof(proof: dict[str, Any], known: str = "") -> str:
    """Check a proof file (`/audit/proof/…`); returns "" or what is wrong.

    A proof leads to a seal, and proves no more than that seal does: `known` is the hash of one that
    the reader has from elsewhere, and the proof must lead to that.
    """
    try:
        if known and proof["seal"]["hash"] != known:
            return "The proof leads to another seal than the one you keep."
        leaf = bytes.fromhex(proof["commitment"])
        path = [bytes.fromhex(step) for step in proof["path"]]
        root = bytes.fromhex(proof["seal"]["root"])
        if proof["seal"]["hash"] != seal_hash(proof["seal"]):
            return "The seal in the proof was changed."
        if "body" in proof and commit(proof["body"], bytes.fromhex(proof["salt"])) != leaf:
            return "The entry does not match its commitment."
        if not merkle.included(leaf, proof["position"], proof["seal"]["size"], path, root):
            return "The path does not lead to the sealed root."
    except (KeyError, TypeError, ValueError) as error:
        return f"This is not a proof: {error}"
    return ""
