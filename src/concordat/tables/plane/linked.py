"""Linked tables: which cells of a new table may be shown beside all that was released before.

The rule, in one sentence: **no group of fewer than the threshold's contributors, and none that the
other rules hide, can be worked out by adding and subtracting the figures released to a recipient
from one share**, whatever the tables and versions they stand in.

Groups are those that a table over up to three of the columns used so far could name, what is hidden
under one total of a table, and what changed between two versions. The recipient is taken to know
which groups are empty: then, over the real numbers and with nothing but that counts are not below
zero, what lies outside the span of what is released has no single value (Farkas), so this test
misses nothing of that kind. It does not judge how narrow a range can be guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from concordat.tables.plane.disclosure import Facts, failed
from concordat.tables.plane.span import Span, Vector

MOST_ROUNDS: Final = 20
MOST_NAMED: Final = 3  # columns of one table
Label = str | None  # None: the rows where it is empty
Place = tuple[tuple[int, ...], tuple[Label, ...]]  # (which columns, the label in each)


@dataclass(frozen=True)
class Atom:
    """The finest group: a label in every column used so far, and in which versions its rows are."""

    labels: tuple[Label, ...]
    seen: int  # one bit a version
    facts: Facts


@dataclass(frozen=True)
class Released:
    """A table released before: the version's bit, the places of its columns among all, the measured
    column ("" for a count), its cells shown and its cells hidden."""

    seen: int
    columns: tuple[int, ...]
    measured: str
    shown: tuple[Place, ...]
    hidden: tuple[Place, ...] = ()


@dataclass
class Judged:
    """A new table's cells: what is shown, and by which rule each other is hidden."""

    shown: list[Place] = field(default_factory=list)
    hidden: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A new table, before it is judged: its cells are `places`, over the columns at `columns`."""

    seen: int
    columns: tuple[int, ...]
    measured: str
    places: tuple[Place, ...]


class Sheet:
    """Everything released to one recipient from one share, over the atoms of all its columns."""

    def __init__(self, atoms: Sequence[Atom], released: Sequence[Released], least: int) -> None:
        self.atoms, self.released, self.least = atoms, released, least
        self._by_place: dict[tuple[tuple[int, ...], int], dict[Place, list[int]]] = {}

    def inside(self, place: Place, columns: tuple[int, ...], seen: int) -> list[int]:
        """The atoms of a cell: `place` counts from the table's own columns."""
        over = tuple(columns[n] for n in place[0])
        return self._groups(over, seen).get((over, place[1]), [])

    def facts(self, atoms: Iterable[int]) -> Facts:
        """What is known of several atoms together."""
        return Facts.of(self.atoms[n].facts for n in atoms)

    def _groups(self, over: tuple[int, ...], seen: int) -> dict[Place, list[int]]:
        key = (over, seen)
        if key not in self._by_place:
            found: defaultdict[Place, list[int]] = defaultdict(list)
            for n, atom in enumerate(self.atoms):
                if atom.seen & seen:
                    found[over, tuple(atom.labels[column] for column in over)].append(n)
            self._by_place[key] = dict(found)
        return self._by_place[key]

    def judge(self, asked: Question) -> Judged:
        """Show as much of a new table as the rule lets: totals first, then the largest cells.

        Where what is hidden under a total is itself a group too small, that group becomes a secret
        too and the table is judged again; what cannot be settled so is hidden altogether.
        """
        groups: list[list[int]] = []
        for _ in range(MOST_ROUNDS):
            found = self._attempt(asked, groups)
            told = Released(
                asked.seen, asked.columns, asked.measured, tuple(found.shown), tuple(found.hidden)
            )
            fresh = [g for g in self._left_under(told, asked.measured) if g not in groups]
            if not fresh:
                return found
            groups += fresh
        return Judged([], dict.fromkeys(asked.places, "difference"))

    def _attempt(self, asked: Question, groups: list[list[int]]) -> Judged:
        spans = self._spans(asked, groups)
        found = Judged()
        cells = {place: self.inside(place, asked.columns, asked.seen) for place in asked.places}
        facts = {place: self.facts(atoms) for place, atoms in cells.items()}
        for place in sorted(cells, key=lambda p: (len(p[0]), -facts[p].rows)):
            rule = failed(facts[place], self.least, measured=bool(asked.measured))
            if not rule and not self._published(spans, cells[place]):
                rule = "difference"
            if rule:
                found.hidden[place] = rule
            else:
                found.shown.append(place)
        return found

    def _published(self, spans: Sequence[Span], atoms: list[int]) -> bool:
        """Publish a cell in every span, or say that one of them forbids it.

        Where the second forbids what the first took, the first holds a figure that is not shown,
        which only makes it more careful.
        """
        return all(
            span.publish(self._vector(atoms, measured=bool(n))) for n, span in enumerate(spans)
        )

    def _spans(self, asked: Question, groups: list[list[int]]) -> list[Span]:
        """What was released, each with its secrets: of all tables whatever they measure, and, for a
        measured column, of those about it."""
        kinds = [False, True] if asked.measured else [False]
        spans = []
        for measured in kinds:
            span = Span()
            tables = [t for t in self.released if not measured or t.measured == asked.measured]
            told = [
                self._vector(self.inside(place, t.columns, t.seen), measured=measured)
                for t in tables
                for place in t.shown
            ]
            for vector in sorted(told, key=len):  # the shortest first: then little is left of most
                span.publish(vector)
            for secret in self._secrets(asked, groups, measured=measured):
                span.keep_secret(secret)  # what is known already is no secret any more
            spans.append(span)
        return spans

    def _secrets(
        self, asked: Question, groups: list[list[int]], *, measured: bool
    ) -> Iterator[Vector]:
        known: set[tuple[tuple[int, int], ...]] = set()
        tables = [t for t in self.released if not measured or t.measured == asked.measured]
        bits = {asked.seen, *(table.seen for table in tables)}
        under = [g for table in tables for g in self._left_under(table, asked.measured)]
        for atoms in (*groups, *under, *self._named(bits)):
            if self._is_secret(self.facts(atoms), measured=measured):
                vector = self._vector(atoms, measured=measured)
                key = tuple(sorted(vector.items()))
                if key not in known:
                    known.add(key)
                    yield vector
        for bit in bits - {asked.seen}:
            yield from self._changes(bit, asked.seen, measured=measured)

    def _is_secret(self, facts: Facts, *, measured: bool) -> bool:
        if not (facts.n if measured else facts.rows):
            return False
        return bool(failed(facts, self.least, measured=measured))

    def _named(self, bits: Iterable[int]) -> Iterator[list[int]]:
        """The groups that a table over some of the columns could name, in each version."""
        width = len(self.atoms[0].labels) if self.atoms else 0
        sizes = {*range(min(MOST_NAMED, width) + 1), width}
        for bit in bits:
            for size in sizes:
                for over in combinations(range(width), size):
                    yield from self._groups(over, bit).values()

    def _changes(self, before: int, after: int, *, measured: bool) -> Iterator[Vector]:
        """What came, what went and the two together, in each group, where they are few."""
        width = len(self.atoms[0].labels) if self.atoms else 0
        for size in {*range(min(MOST_NAMED, width) + 1), width}:
            for over in combinations(range(width), size):
                for atoms in self._groups(over, before | after).values():
                    gone = [n for n in atoms if not self.atoms[n].seen & after]
                    come = [n for n in atoms if not self.atoms[n].seen & before]
                    for more, less in ((come, []), (gone, []), (come, gone)):
                        signed = self._vector(more, less, measured=measured)
                        if 0 < self.facts(signed).rows < self.least:
                            yield signed

    def _vector(
        self, more: Iterable[int], less: Iterable[int] = (), *, measured: bool = False
    ) -> Vector:
        """A group as the recipient sees it, who knows which atoms are empty."""
        signed = {**dict.fromkeys(more, 1), **dict.fromkeys(less, -1)}
        return {n: c for n, c in signed.items() if not measured or self.atoms[n].facts.n}

    def _left_under(self, table: Released, measured: str) -> Iterator[list[int]]:
        """What is hidden under each total of a table, at each level, where that is too small a
        group: under every total that there could be, for another table may show it.

        The facts at hand are about the column `measured`; a table of another is held to its rows.
        """
        same = bool(measured) and table.measured == measured
        under: defaultdict[tuple[tuple[int, ...], Place], set[int]] = defaultdict(set)
        for level, labels in table.hidden:
            told = dict(zip(level, labels, strict=True))
            atoms = self.inside((level, labels), table.columns, table.seen)
            for size in range(len(level)):
                for over in combinations(level, size):
                    under[level, (over, tuple(told[n] for n in over))].update(atoms)
        for group in under.values():
            if self._is_secret(self.facts(group), measured=same):
                yield sorted(group)
