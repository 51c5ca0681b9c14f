"""What the API takes and shows of the audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from concordat.kernel.audit.models import Entry
from concordat.kernel.doors.paging import ListQuery
from concordat.kernel.doors.schemas import Day, Out
from concordat.kernel.lifecycle import Visibility


class EntryQuery(ListQuery):
    """Which entries of the audit log."""

    reference: Annotated[str, Field(max_length=255, pattern=r"^[-A-Za-z0-9_]+$")] | None = None
    day: Day | None = None


class FieldChanged(Out):
    """A field before and after a deed."""

    label: str
    before: Any
    after: Any


class EntryOut(Out):
    """One deed. `by`, `note` and `changes` hold names and words only for those on a side of it."""

    id: int
    name: str
    reference: str
    title: str
    at: datetime
    by: str
    note: str
    changes: list[FieldChanged]
    public: bool
    proof: str

    @staticmethod
    def shown(entry: Entry, event: Any) -> dict[str, Any]:
        """An entry with what its timeline tells of it; `proof` is where its proof will be."""
        public = entry.visibility == Visibility.PUBLIC
        return {
            "id": entry.pk,
            "name": entry.name,
            "reference": entry.reference,
            "title": event.title,
            "at": entry.at,
            "by": event.by,
            "note": event.note,
            "changes": event.changes,
            "public": public,
            "proof": f"/audit/proof/{entry.pk}.json" if public else "",
        }


class EntriesPage(Out):
    """A page of the log, newest first."""

    items: list[EntryOut]
    next: str | None


class SealOut(Out):
    """The Merkle root over every entry up to `size`, naming the seal before it."""

    number: int
    date: date
    at: datetime
    size: int
    root: str
    previous: str
    hash: str


class SealsPage(Out):
    """A page of the seals, newest first."""

    items: list[SealOut]
    next: str | None
