"""Keeping this host's index in step with the log, and building it anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.follow import after
from concordat.kernel.audit.models import Entry, Leaf
from concordat.kernel.publication.models import Record, record_kinds, subject_kinds
from concordat.kernel.search.document import Document
from concordat.kernel.search.host import BusyError, DamagedError
from concordat.kernel.search.index import Cursor, Index

_BATCH: Final = 500
log = structlog.get_logger()


@cache
def index() -> Index:
    """This process's index, in the data folder of this host."""
    return Index(Path(settings.DATA_DIR) / "index")


def follow_index(limit: int = _BATCH) -> int:
    """Bring the index towards the end of the log; returns how much was done.

    It only reads the database. One process of a host does it; the others find the lock taken and
    do nothing. An index that is missing, damaged, or of another log than this one is built anew.
    """
    held = index()
    if not held.claim():
        return 0
    cursor = held.read_cursor()
    if cursor is None or held.reported or not _of_this_log(cursor):
        return _build_again("missing, damaged or of another log")
    batch = after(cursor.position, limit)
    if not batch:
        return 0
    documents, gone = _touched([entry for _, entry in batch])
    position, entry = batch[-1]
    try:
        held.write(documents, gone, position, bytes(entry.leaf.commitment).hex())
    except DamagedError as error:
        return _build_again(str(error))
    return len(batch)


def _of_this_log(cursor: Cursor) -> bool:
    """Whether the log holds, where the index stopped reading, what it held then."""
    if cursor.position < 0:
        return True
    there = Leaf.objects.filter(pk=cursor.position).values_list("commitment", flat=True).first()
    return there is not None and bytes(there).hex() == cursor.commitment


def _build_again(why: str) -> int:
    log.warning("the search index is built again", why=why)
    try:
        return rebuild() or 1
    except BusyError:
        return 0


def _touched(entries: list[Entry]) -> tuple[list[Document], list[str]]:
    """The documents of the records that entries are about, and the keys of those that are gone."""
    wanted: dict[type[Record], set[int]] = defaultdict(set)
    kinds = subject_kinds()
    for entry in entries:
        model = kinds.get(entry.kind)
        if model is None:
            continue
        if issubclass(model, Record):
            wanted[model].add(entry.subject_id)
        elif model.INDEXED_WITH:
            remote = model._meta.get_field(model.INDEXED_WITH).related_model
            row = model._default_manager.filter(pk=entry.subject_id).first()
            if row is not None:
                wanted[remote].add(getattr(row, f"{model.INDEXED_WITH}_id"))  # type: ignore[index]
    documents: list[Document] = []
    gone: list[str] = []
    for model, ids in wanted.items():
        if model.SEARCHED:
            rows = model.objects.visible_to(SYSTEM).in_bulk(ids)
            documents += [row.as_document() for row in rows.values()]
            gone += [f"{model.KIND}:{pk}" for pk in ids if pk not in rows]
    return documents, gone


def rebuild(progress: Callable[[int, int], None] | None = None) -> int:
    """Build the index anew from the database; returns how many records it holds.

    Readers see the old index until the new one is whole. What is written meanwhile is followed
    afterwards, from the place at which the building began. Raises BusyError when another process
    of this host is building.
    """
    tell = progress or (lambda done, total: None)
    last = Leaf.objects.order_by("-position").first()
    cursor = Cursor(last.position, bytes(last.commitment).hex()) if last else Cursor(-1, "")
    models = [model for model in record_kinds().values() if model.SEARCHED]
    total = sum(model.objects.visible_to(SYSTEM).count() for model in models)

    def documents() -> Iterator[Document]:
        done = 0
        for model in models:
            rows = model.searched_rows().order_by("pk")
            for row in rows.iterator(chunk_size=_BATCH):
                yield row.as_document()
                done += 1
                if done % _BATCH == 0:
                    tell(done, total)

    count = index().build(documents(), cursor)
    tell(count, total)
    return count
