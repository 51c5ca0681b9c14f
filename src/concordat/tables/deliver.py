"""Delivering through a share: every door's one way to the rows, each read told to the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.tables import sharing
from concordat.tables.actions import note_delivery
from concordat.tables.models import Share, TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import Relation, open_table
from concordat.tables.plane.prepare import Part, prepare
from concordat.tables.plane.streams import Tally
from concordat.tables.queries import still_readable
from concordat.tables.store import lake

PIECE: Final = 1024 * 1024
Stream = Callable[[Relation, Callable[[], bool], Tally], Iterator[bytes]]


def parts_of(share: Share) -> list[Part]:
    """The share's Parquet files, written under its policy if they are not there yet.

    Raises WrongState where the policy no longer fits the table.
    """
    sharing.allowed_columns(share)
    latest = share.table.latest
    assert latest is not None
    return _prepared(share, latest)


def part_file(share: Share, version: TableVersion, number: int) -> Path | None:
    """One file of a version, written here if another host prepared it; None: it never was."""
    parts = {part.number: part.path for part in _prepared(share, version)}
    return parts.get(number)


def _prepared(share: Share, version: TableVersion) -> list[Part]:
    columns = [Column.from_data(data) for data in version.columns]
    policy = sharing.policy_of(share)
    return prepare(lake(), share.table.reference, version.number, columns, policy)


def stream(
    actor: Actor, share: Share, door: str, shape: Stream, *, token: int | None = None
) -> Iterator[bytes]:
    """The share's rows as bytes; asks again at each piece, of the `token` too where there is one.

    The log is told before the first byte, so that a crash hides no read, and again when it stops.
    Raises WrongState where the policy no longer fits the table.
    """
    columns = [column.name for column in sharing.allowed_columns(share)]
    latest = share.table.latest
    assert latest is not None
    relation = open_table(
        lake(),
        share.table.reference,
        latest.number,
        sharing.columns_of(share),
        sharing.policy_of(share),
    )
    tally = Tally()

    def pieces() -> Iterator[bytes]:
        _tell(actor, share, door, begun=True, columns=columns)
        try:
            yield from shape(relation, lambda: still_readable(actor, share.pk, token), tally)
        finally:
            _tell(
                actor,
                share,
                door,
                columns=columns,
                rows=tally.rows,
                bytes=tally.bytes,
                whole=tally.whole,
            )

    return pieces()


def file_range(
    actor: Actor, share: Share, path: Path, start: int, stop: int, *, token: int
) -> Iterator[bytes]:
    """Bytes `start` to `stop` (not included) of a prepared file, asking again at each megabyte.

    That the file was handed out is in the log since its address was asked for.
    """
    sent = 0
    try:
        with path.open("rb") as file:
            file.seek(start)
            while sent < stop - start:
                if sent and not still_readable(actor, share.pk, token):
                    return
                piece = file.read(min(PIECE, stop - start - sent))
                if not piece:
                    return
                sent += len(piece)
                yield piece
    finally:
        _tell(actor, share, "delta-sharing file", file=path.stem, start=start, bytes=sent)


def _tell(actor: Actor, share: Share, door: str, *, begun: bool = False, **facts: Any) -> None:
    latest = share.table.latest
    version = latest.number if latest else None
    note_delivery(actor, share, begun=begun, door=door, version=version, **facts)
