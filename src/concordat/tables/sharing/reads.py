"""What a read is judged by: the reads before it, and how many rows there are."""

from __future__ import annotations

from typing import Final

from concordat.kernel.audit.models import Entry
from concordat.tables.models import Share, TableVersion
from concordat.tables.rules.unusual import HANDED_OUT, Read

_JUDGED: Final = 200  # reads by which the next is judged


def reads_before(share: Share) -> list[Read]:
    """The recipient's last reads through a share, by which the next is judged; newest first."""
    facts = "private__facts__"
    found = (
        Entry.objects.of(share)
        .filter(name="share:read")
        .exclude(organisation_id=share.owner_id)
        .exclude(**{f"{facts}door": HANDED_OUT})
        .order_by("-id")
        .values_list(
            "at", "private__actor_key", *(f"{facts}{f}" for f in ("door", "rows", "bytes"))
        )
    )
    return [Read(at, who or "", door or "", *sizes) for at, who, door, *sizes in found[:_JUDGED]]


def rows_of_version(share: Share, number: int) -> int:
    """How many rows a version of a share's table has; 0 where it is not kept."""
    found = TableVersion.objects.filter(table_id=share.table_id, number=number)
    return found.values_list("rows", flat=True).first() or 0
