"""What a read is judged by: the reads before it, the reader's days, and how many rows there are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from concordat.tables.models import Share, ShareRead, TableVersion
from concordat.tables.rules.reads import LONGEST
from concordat.tables.rules.unusual import HANDED_OUT, LONDON, Day, Read

_JUDGED: Final = 200  # reads by which the next is judged
_DAYS: Final = timedelta(days=60)  # by which a reader's day is judged


def reads_before(share: Share, read: ShareRead) -> list[Read]:
    """The recipient's last reads through a share that have ended, by which another is judged; newest
    first."""
    found = (
        ShareRead.objects.filter(share=share.pk)
        .exclude(pk=read.pk)
        .exclude(home=share.owner_id)
        .exclude(door=HANDED_OUT)
        .exclude(stage="running", began_at__gt=timezone.now() - LONGEST)
        .order_by("-id")
        .values_list("began_at", "reader", "door", "rows", "bytes", "stage")
    )
    return [
        Read(at, who, door, rows, size, stage in ("broken", "running"))
        for at, who, door, rows, size, stage in found[:_JUDGED]
    ]


def days_of(share: Share, read: ShareRead) -> dict[date, Day]:
    """What the reader of one read took through a share on each of the last days, that read left out."""
    since = timezone.now() - _DAYS
    found = ShareRead.objects.filter(share=share.pk, reader=read.reader, began_at__gt=since)
    summed = (
        found.exclude(pk=read.pk)
        .order_by()
        .annotate(day=TruncDate("began_at", tzinfo=LONDON))
        .values_list("day")
        .annotate(Sum("rows"), Sum("bytes"))
    )
    return {day: Day(rows or 0, size or 0) for day, rows, size in summed}


def rows_of_version(share: Share, number: int) -> int:
    """How many rows a version of a share's table has; 0 where it is not kept."""
    found = TableVersion.objects.filter(table_id=share.table_id, number=number)
    return found.values_list("rows", flat=True).first() or 0
