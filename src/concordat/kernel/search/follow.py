"""Keeping this host's index in step with the log, and building it anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Max

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.follow import after
from concordat.kernel.audit.models import Entry, Leaf
from concordat.kernel.publication.models import Record, record_kinds, subject_kinds
from concordat.kernel.search.document import Document
from concordat.kernel.search.index import Index

_BATCH: Final = 500


@cache
def index() -> Index:
    """This process's index, in the data folder of this host."""
    return Index(Path(settings.DATA_DIR) / "index")


def follow_index(limit: int = _BATCH) -> int:
    """Bring the index up to the end of the log; returns how many entries were read."""
    held = index()
    batch = after(held.cursor, limit)
    if not batch:
        return 0
    documents, gone = _touched([entry for _, entry in batch])
    held.write(documents, gone, batch[-1][0])
    return len(batch)


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
    afterwards, from the place at which the building began.
    """
    tell = progress or (lambda done, total: None)
    last = Leaf.objects.aggregate(last=Max("position"))["last"]
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

    count = index().write(documents(), (), -1 if last is None else last, anew=True)
    tell(count, total)
    return count
