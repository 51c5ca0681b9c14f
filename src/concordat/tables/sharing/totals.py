"""Totals through a share: computed under its policy, judged beside all that its recipient was told.

What was told through another share of the same table to the same body is judged too, where that
share shows the columns in use with the same types and no clause of it hangs on a key. Where it does
not, the two are not compared: nobody can say which row of one is which of the other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

from concordat.kernel.refusals import Invalid, WrongState
from concordat.tables.models import Output, Share
from concordat.tables.plane.aggregate import Aggregate, AggregateError, Dimension, check
from concordat.tables.plane.columns import Column, find
from concordat.tables.plane.compile import select
from concordat.tables.plane.disclosure import Facts, failed
from concordat.tables.plane.engine import connect, keyed, source
from concordat.tables.plane.errors import TooLong
from concordat.tables.plane.linked import Place
from concordat.tables.plane.totals import Answer, Bench, Earlier, Figure, value_of
from concordat.tables.sharing.terms import Terms, policy_of, terms_of
from concordat.tables.store import lake

SECONDS: Final = 4.0  # for one request, whatever it asks for
MOST_VERSIONS: Final = 24  # told about before, each read again
Mark = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Totals:
    """What may be released of a request, and beside which outputs it was judged (`mark`)."""

    terms: Terms
    asked: Aggregate
    answer: Answer
    would_pass: list[Aggregate]
    least: int
    mark: Mark


def mark_of(outputs: list[Output]) -> Mark:
    """What tells one state of what a body was told from the next."""
    return tuple((output.pk, output.version) for output in outputs)


def told_before(share: Share) -> list[Output]:
    """Everything that the share's recipient was told of its table."""
    return list(Output.objects.told_to(share.recipient_id, share.table_id))


def fitted(asked: Aggregate, columns: list[Column]) -> Aggregate:
    """The request with the columns' own spelling. Raises Invalid, naming what does not fit them."""
    try:
        check(Aggregate(asked.dimensions), columns)
    except AggregateError as error:
        raise Invalid({"dimensions": [str(error)]}) from error
    try:
        check(asked, columns)
    except AggregateError as error:
        raise Invalid({"of": [str(error)]}) from error
    dimensions = tuple(Dimension(_spelt(columns, d.column), d.by) for d in asked.dimensions)
    of = _spelt(columns, asked.of) if asked.of else ""
    return Aggregate(dimensions, asked.measure, of, asked.margins)


def _spelt(columns: list[Column], name: str) -> str:
    found = find(columns, name)
    assert found is not None  # it was checked
    return found.name


def totals(share: Share, asked: Aggregate, until: float) -> Totals:
    """A table over the version that the share delivers, as it may be released.

    Raises Invalid for what cannot be asked or is too large, and WrongState where it cannot be judged.
    """
    terms = terms_of(share)
    asked = fitted(asked, terms.shown)
    before = told_before(share)
    with _benched(terms, asked, before, until) as (bench, bit):
        try:
            answer = bench.answer(asked, bit)
        except AggregateError as error:
            raise Invalid({"dimensions": [str(error)]}) from error
        except TooLong as error:
            raise Invalid({"dimensions": [_TOO_LONG]}) from error
        near = [] if answer.whole else bench.passing(asked, bit)
    return Totals(terms, asked, answer, near, bench.least, mark_of(before))


_TOO_LONG: Final = (
    f"That would take longer than the {SECONDS:.0f} seconds that a request may. "
    "Choose fewer or coarser columns."
)


@contextmanager
def _benched(
    terms: Terms, asked: Aggregate, before: list[Output], until: float
) -> Iterator[tuple[Bench, int]]:
    """The bench that the table is made on, and the bit of the terms' version."""
    told = _comparable(terms, asked, before)
    bits: dict[tuple[int, int], int] = {}
    for pair in (
        (terms.share.pk, terms.version.pk),
        *((o.share_id, o.table_version_id) for o in told),
    ):
        bits.setdefault(pair, 1 << len(bits))
    if len(bits) > MOST_VERSIONS:
        raise WrongState(
            f"You were told of {len(bits) - 1} versions of this table before, and a new one cannot be "
            "judged beside them all.",
            "Ask whoever shares it for the rows, or for a table that they make.",
        )
    opened = {(o.share_id, o.table_version_id): o for o in told}
    earlier = [Earlier(bits[o.share_id, o.table_version_id], o.asked, tuple(o.cells)) for o in told]
    least = max([least_of(terms.share), *(o.least for o in told)])
    connection = keyed(connect(lake().work / "spill"), terms.policy, terms.key)
    try:
        versions = []
        for pair, bit in bits.items():
            one = _terms(opened[pair]) if pair in opened else terms
            versions.append((bit, _rows(connection, one, bit)))
        yield Bench(connection, versions, terms.shown, earlier, least, until), 1
    finally:
        connection.close()


def _rows(connection: duckdb.DuckDBPyConnection, terms: Terms, bit: int) -> str:
    number = terms.version.number
    stored = source(connection, lake(), terms.table, number, f"stored{bit}")
    return select(terms.policy, terms.columns, stored)


def _terms(output: Output) -> Terms:
    """Under which an earlier output was made: its share's, of its own version."""
    return terms_of(output.share, output.table_version)


def _comparable(terms: Terms, asked: Aggregate, before: list[Output]) -> list[Output]:
    """The outputs that the new table is judged beside: all of its share, and those of other shares
    that show the same columns. Raises WrongState where its own can no longer be compared."""
    ours = [output for output in before if output.share_id == terms.share.pk]
    used = _used(asked).union(*(_used(output.asked) for output in ours))
    for version in {output.table_version for output in ours}:
        if not _alike(used, terms.shown, terms_of(terms.share, version).shown):
            raise WrongState(
                "The table's columns have changed since you were last told totals of them, so that "
                "new ones cannot be judged beside those.",
                "Ask whoever shares it.",
            )
    for output in before:
        if output.share_id != terms.share.pk and not policy_of(output.share).keyed:
            wanted = used | _used(output.asked)
            if _alike(wanted, terms.shown, _shown(output)):
                used = wanted
                ours.append(output)
    return ours


def _used(asked: Aggregate) -> set[str]:
    return {d.column.casefold() for d in asked.dimensions} | ({asked.of.casefold()} - {""})


def _alike(names: set[str], one: list[Column], other: list[Column]) -> bool:
    found = [(find(one, name), find(other, name)) for name in names]
    return all(a is not None and b is not None and a.type == b.type for a, b in found)


def _shown(output: Output) -> list[Column]:
    try:
        return _terms(output).shown
    except WrongState:  # its version no longer has what its share names
        return []


def least_of(share: Share) -> int:
    """The fewest contributors that a cell of the share's totals may have."""
    return policy_of(share).least


def uncovered(output: Output) -> list[tuple[Figure, str]]:
    """Every cell of an output with its value, those of the categories that were left out too, and
    why it is hidden, "" where it is not. For whoever clears it, and nobody else.
    """
    terms = _terms(output)
    if terms.share.policy_digest != output.policy_digest:
        raise WrongState("The policy has changed since this was asked for.", "Ask for it again.")
    asked, until = output.asked, time.monotonic() + SECONDS
    shown = {cell.place for cell in output.cells if not cell.hidden}
    with _benched(terms, asked, [], until) as (bench, bit):
        try:
            empty = {cell.place: Facts() for cell in output.cells}
            found = empty | bench.everything(asked, bit)
        except (AggregateError, TooLong) as error:
            raise WrongState("This table is too large to clear.", "Clear a coarser one.") from error
    return [
        (_seen(place, facts, asked), "" if place in shown else _rule(facts, asked, output.least))
        for place, facts in found.items()
    ]


def _seen(place: Place, facts: Facts, asked: Aggregate) -> Figure:
    return Figure(*place, value_of(facts, asked.measure))


def _rule(facts: Facts, asked: Aggregate, least: int) -> str:
    return failed(facts, least, measured=bool(asked.of)) or "difference"
