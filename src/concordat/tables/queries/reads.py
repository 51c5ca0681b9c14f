"""Reads of who read what through shares, and of what was unusual; each begins with who is reading."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from concordat.kernel.access import Actor, may
from concordat.kernel.refusals import NotVisible
from concordat.tables.lifecycle import FLAG
from concordat.tables.models import Flag, Share, ShareRead
from concordat.tables.policy import Can


def reads_by_day(
    actor: Actor, of: Share, days: int = 14, today: date | None = None
) -> list[tuple[date, int]]:
    """How many reads there were through a share on each of the last days, oldest first."""
    last = today or timezone.localdate()
    first = last - timedelta(days=days - 1)
    rows = ShareRead.objects.visible_to(actor).filter(share=of.pk, began_at__date__gte=first)
    counted = dict(
        rows.order_by()
        .annotate(day=TruncDate("began_at"))
        .values_list("day")
        .annotate(reads=Count("id"))
    )
    steps = (first + timedelta(days=n) for n in range(days))
    return [(day, counted.get(day, 0)) for day in steps]


def deliveries(
    actor: Actor,
    of: Share | None = None,
    *,
    unusual: bool = False,
    unsettled: bool = False,
    who: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[ShareRead]:
    """The reads through a share, or through every share on a side of which the actor stands: those
    that run first, then the others, newest first.

    With `unusual`, those alone that were unlike the ones before them, as far as that is the actor's
    to know; with `unsettled`, those of them that nobody has looked at. `who` is a part of a
    reader's name in any case, `since` and `until` are the first and the last day on which a read
    began. What is unusual about each, as far as that is the actor's to know, is its `known_flag`.
    """
    found = ShareRead.objects.visible_to(actor)
    found = found.filter(share=of.pk) if of else found
    flagged = flags(actor)
    if unusual or unsettled:
        wanted = flagged.filter(status="open") if unsettled else flagged
        found = found.filter(pk__in=wanted.values("read"))
    asked = {
        "entry__private__actor__icontains": who,
        "began_at__date__gte": since,
        "began_at__date__lte": until,
    }
    found = found.filter(**{lookup: value for lookup, value in asked.items() if value})
    told = Prefetch("flag", Flag.objects.visible_to(actor).order_by(), to_attr="known_flag")
    return found.select_related("entry").prefetch_related(told).running_first()


def flags(actor: Actor) -> QuerySet[Flag]:
    """What was unusual about reads through the shares that the actor's bodies supply, newest first."""
    return (
        Flag.objects.visible_to(actor).select_related("read__entry", "read__share").order_by("-id")
    )


def flag(actor: Actor, pk: int) -> Flag:
    """One of them. Raises NotVisible."""
    found = flags(actor).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def open_flags(actor: Actor, of: Share) -> list[Flag]:
    """What nobody has looked at yet of the reads through a share."""
    return list(flags(actor).filter(read__share=of.pk, status="open"))


def may_settle(actor: Actor, found: Flag) -> bool:
    """Whether the actor may say that they looked at it."""
    return found.status == "open" and may(actor, FLAG["settle"].needs, found, FLAG["settle"].by)


def supplies(actor: Actor, among: Iterable[Share]) -> bool:
    """Whether the actor is on the side that learns what is unusual: of one of some shares."""
    bodies = actor.bodies(Can.SHARE_SEE)
    return any(share.owner_id in bodies for share in among)
