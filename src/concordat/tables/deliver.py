"""Delivering through a share: every door's one way to the rows, each read told to the log."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.kernel.refusals import WrongState
from concordat.tables import sharing
from concordat.tables.actions import note_delivery
from concordat.tables.models import Share, TableVersion
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.prepare import Part, prepare, prepare_changes, prepared_file
from concordat.tables.plane.render import Rendering
from concordat.tables.plane.streams import Tally, stream
from concordat.tables.queries import still_readable
from concordat.tables.rules.reads import LONGEST
from concordat.tables.sharing import Terms
from concordat.tables.sharing.files import FORMATS, keeping, opened, whole, write_rendering
from concordat.tables.slots import hold
from concordat.tables.store import cluster, lake

PIECE: Final = 1024 * 1024
READS_EACH: Final = 16  # that one person or client has at once
READS_A_HOST: Final = 32  # fewer than a web worker has threads: a slow reader holds one of them
AGAIN: Final = 0.05  # seconds: what is sent later than that after a revocation is nothing


class Watch:
    """Whether a delivery may go on: asked before each piece, and of the database when the last
    answer is older than `AGAIN`. None goes on for longer than a read lasts."""

    def __init__(self, actor: Actor, share: Share, token: int | None) -> None:
        self._facts = (actor, share.pk, token)
        self._asked = time.monotonic()  # whoever opened the door has just asked
        self._until = self._asked + LONGEST.total_seconds()

    def __call__(self) -> bool:
        """True while it may."""
        now = time.monotonic()
        if now - self._asked < AGAIN:
            return True
        self._asked = now
        return now < self._until and still_readable(*self._facts)


def parts_of(share: Share, version: TableVersion | None = None) -> list[Part]:
    """The Parquet files of a version (None: the one the share delivers) as the share lets it be
    read, written if they are not there yet.

    Raises WrongState where the policy no longer fits the table.
    """
    return extract(sharing.terms_of(share, version))


def extract(terms: Terms) -> list[Part]:
    """The files of the terms' version, written if they are not there yet."""
    version = terms.version.number
    with whole(terms):
        return prepare(
            lake(), terms.table, version, terms.columns, terms.policy, terms.key, cluster()
        )


def changes(terms: Terms, before: TableVersion | None) -> list[Part]:
    """The files of what the load of the terms' version changed. Raises WrongState where the columns
    shown are not those of `before`."""
    was = (before.number, sharing.columns_of(before)) if before else None
    after = (terms.version.number, terms.columns)
    try:
        with whole(terms):
            return prepare_changes(lake(), terms.table, was, after, terms.policy, terms.key)
    except PolicyError as error:
        raise WrongState(str(error)) from error


def part_file(share: Share, extracted: str, number: int) -> Path | None:
    """One file of an extract, written here if another host prepared it; None: it never was."""
    if path := prepared_file(lake(), extracted, number):
        return path
    before, after = loaded_in(extracted)
    found = {str(version.number): version for version in share.table.versions.all()}
    if str(after) not in found:
        return None
    terms = sharing.terms_of(share, found[str(after)])
    parts = changes(terms, found.get(before)) if before else extract(terms)
    return {part.number: part.path for part in parts}.get(number)


def loaded_in(extracted: str) -> tuple[str, int]:
    """What stands before the version in an extract's name, where it holds changes; the version."""
    before, _, after = extracted.rsplit("-", 2)[1].rpartition("_")
    return before, int(after)


def write_file(actor: Actor, terms: Terms, kind: str) -> Rendering:
    """The rows in a format as a file, written now by whoever wants a part of it, in a place of theirs
    as a stream has one."""
    with hold(actor, "reads", each=READS_EACH, host=READS_A_HOST):
        return write_rendering(terms, kind)


def stream_rows(
    actor: Actor, terms: Terms, kind: str, *, token: int | None = None
) -> Iterator[bytes]:
    """The rows as bytes, for as long as the share and the `token`, where there is one, let.

    The log is told before the first byte, so that a crash hides no read, and again when it stops.
    """
    share, tally, form = terms.share, Tally(), FORMATS[kind][0]
    place = hold(actor, "reads", each=READS_EACH, host=READS_A_HOST)
    try:
        watch, relation = Watch(actor, share, token), opened(terms)
    except BaseException:
        place.close()
        raise
    told: dict[str, Any] = {
        "version": terms.version.number,
        "columns": [column.name for column in terms.shown],
    }

    def pieces() -> Generator[bytes]:
        read = note_delivery(actor, share, kind, begun=True, **told)
        try:
            yield from keeping(terms, kind, stream(relation, form(), watch, tally), tally)
        finally:
            sent: dict[str, Any] = {
                "rows": tally.rows,
                "bytes": tally.bytes,
                "whole": tally.whole,
            }
            place.close()
            note_delivery(actor, share, kind, read=read, **told, **sent)

    return Held(pieces(), place)


class Held(Iterator[bytes]):
    """Pieces that give back their place when nobody asks for more of them, even for the first."""

    def __init__(self, pieces: Generator[bytes], place: ExitStack) -> None:
        self._pieces, self._place = pieces, place

    def __next__(self) -> bytes:
        """The next piece."""
        return next(self._pieces)

    def close(self) -> None:
        """No more are asked for."""
        self._pieces.close()
        self._place.close()


def file_range(
    actor: Actor,
    share: Share,
    path: Path,
    start: int,
    stop: int,
    *,
    token: int | None,
    door: str,
    told: dict[str, Any],
    read: str = "",
) -> Iterator[bytes]:
    """Bytes `start` to `stop` (not included) of a prepared file, for as long as the share lets; the
    log is told through which `door`, of which `read` it is a part ("": of those of the same file),
    and of the bytes that were sent, beside what it is `told`."""
    place = hold(actor, "reads", each=READS_EACH, host=READS_A_HOST)
    pieces = _ranged(actor, share, path, start, stop, token=token, door=door, told=told, read=read)
    return Held(pieces, place)


def _ranged(
    actor: Actor,
    share: Share,
    path: Path,
    start: int,
    stop: int,
    *,
    token: int | None,
    door: str,
    told: dict[str, Any],
    read: str,
) -> Generator[bytes]:
    sent, watch = 0, Watch(actor, share, token)
    try:
        with path.open("rb") as file:
            file.seek(start)
            while sent < stop - start:
                if sent and not watch():
                    return
                piece = file.read(min(PIECE, stop - start - sent))
                if not piece:
                    return
                sent += len(piece)
                yield piece
    finally:
        size = path.stat().st_size
        told = {**told, "file": path.stem, "size": size, "start": start, "bytes": sent}
        note_delivery(actor, share, door, read=read, **told)
