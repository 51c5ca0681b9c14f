"""When a clock runs out, say so once: the entry is what notices follow."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import note_read
from concordat.kernel.publication.models import record_kinds


def nudge_overdue(now: datetime | None = None) -> int:
    """Append `noun:overdue` for each record whose clock ran out since its turn began.

    Returns how many. Running it again adds nothing until the turn changes.
    """
    now = now or timezone.now()
    told = 0
    for kind, model in record_kinds().items():
        for record in model.objects.visible_to(SYSTEM).filter(due_at__lt=now).exclude(turn=""):
            name = f"{kind}:overdue"
            if Entry.objects.of(record).filter(name=name, at__gte=record.turn_since).exists():
                continue
            note_read(SYSTEM, name, record, {"turn": record.turn, "due": str(record.due_at)})
            told += 1
    return told
