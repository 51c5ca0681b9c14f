"""The same project and the same body from year to year (reference §5.3).

Project numbers are `BODY_NNNN_YYYY-Qn`; the case of the body changes (MoD, MOD), and DH became DOH. A
name alone proves nothing: what only the name links is proposed for a person to confirm.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from statistics import median
from typing import Final

_PREFIXES: Final = {"dh": "doh"}  # bodies whose projects were renumbered under another prefix


def number_key(number: str) -> str:
    """What stays the same of a project number over the years: without case, with today's prefix."""
    folded = number.strip().casefold()
    prefix, mark, rest = folded.partition("_")
    return f"{_PREFIXES.get(prefix, prefix)}{mark}{rest}"


def number_for(department: str, name: str) -> str:
    """What a project that its file gives no number is known by: its department and its name."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = "-".join("".join(c if c.isalnum() else " " for c in text).split())
    body = "".join(c for c in department if c.isascii() and c.isalnum()) or "GMPP"
    mark = sha256(name_key(name).encode()).hexdigest()[:8]
    return f"{body[:12]}_{slug[:40] or 'project'}_{mark}"


def name_key(name: str) -> str:
    """A project's name without case, punctuation and the words that come and go."""
    text = unicodedata.normalize("NFKD", name).casefold()
    words = "".join(c if c.isalnum() else " " for c in text).split()
    return " ".join(w for w in words if w not in ("the", "programme", "program", "project"))


@dataclass(frozen=True)
class Named:
    """A project of one year."""

    number: str
    name: str


@dataclass
class Links:
    """The projects of one year with those of a later one: (earlier, later) numbers by what links them.

    `exact` are of the same number, `folded` differ in case, `renumbered` in a prefix that is known to
    have changed; `by_name` are proposals.
    """

    exact: list[tuple[str, str]] = field(default_factory=list)
    folded: list[tuple[str, str]] = field(default_factory=list)
    renumbered: list[tuple[str, str]] = field(default_factory=list)
    by_name: list[tuple[str, str]] = field(default_factory=list)

    @property
    def certain(self) -> list[tuple[str, str]]:
        """All but the proposals."""
        return [*self.exact, *self.folded, *self.renumbered]


def link(before: Iterable[Named], after: Iterable[Named]) -> Links:
    """Which projects are the same, from the surest sign to the least; a name that two projects of one
    year share links nothing."""
    links, old, new = Links(), list(before), list(after)
    for keys, found in (
        (lambda p: p.number, links.exact),
        (lambda p: p.number.casefold(), links.folded),
        (lambda p: number_key(p.number), links.renumbered),
        (lambda p: name_key(p.name), links.by_name),
    ):
        theirs = _only(new, keys)
        for key, project in _only(old, keys).items():
            if key and key in theirs:
                found.append((project.number, theirs[key].number))
        done = {a for a, _ in found}, {b for _, b in found}
        old = [p for p in old if p.number not in done[0]]
        new = [p for p in new if p.number not in done[1]]
    return links


def _only(projects: Iterable[Named], key: object) -> dict[str, Named]:
    """Projects by key, without the keys that two share."""
    held: dict[str, list[Named]] = {}
    for project in projects:
        held.setdefault(key(project), []).append(project)  # type: ignore[operator]
    return {name: found[0] for name, found in held.items() if len(found) == 1}


@dataclass(frozen=True)
class Moves:
    """How far end dates moved from one year to the next; `median_later` in days over the later ones."""

    later: int
    earlier: int
    same: int
    not_comparable: int
    median_later: float | None


def moves(pairs: Iterable[tuple[date | None, date | None]]) -> Moves:
    """Slippage over (end date before, end date after) of the same projects."""
    given = list(pairs)
    days = [(after - before).days for before, after in given if before and after]
    later = [n for n in days if n > 0]
    return Moves(
        later=len(later),
        earlier=sum(n < 0 for n in days),
        same=days.count(0),
        not_comparable=len(given) - len(days),
        median_later=median(later) if later else None,
    )


def ends_of(body: int, onward: Mapping[int, Iterable[int]]) -> frozenset[int]:
    """What a body is today: itself, or the ends of its chains of successors, several where it split.

    A circle ends where it comes back to.
    """
    ends, seen, waiting = set(), set(), [body]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        after = set(onward.get(here, ())) - seen
        waiting += sorted(after)
        if not after:
            ends.add(here)
    return frozenset(ends)
