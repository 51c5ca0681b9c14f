"""A share: who reads what of a table, under which policy."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from concordat.kernel.people.models import Person
from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.tables.lifecycle import SHARE
from concordat.tables.models.stored import StoredTable
from concordat.tables.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


def new_salt() -> str:
    """What makes the key of one share differ from that of any other."""
    return secrets.token_hex(16)


class ShareQuerySet(RecordQuerySet):
    """Shares that work, and whose."""

    def readable_by(self, actor: Actor, now: datetime | None = None) -> Self:
        """Open shares, within their dates, of tables that are not withdrawn, of bodies in which
        the actor may read tables; where the policy names people, those and no others."""
        named = Q(people="")
        if actor.kind == "person":
            address = Person.objects.filter(pk=actor.id or 0).values("email")[:1]
            named |= Q(people__contains=Concat(Value(";"), Subquery(address), Value(";")))
        return self.in_force_for(actor, now).filter(named)

    def in_force_for(self, actor: Actor, now: datetime | None = None) -> Self:
        """The same, whomever their policies name: for whoever asks that of each row."""
        now = now or timezone.now()
        return self.filter(
            status="open",
            table__status="ready",
            recipient_id__in=actor.bodies(Can.TABLE_READ),
            starts_at__lte=now,
            ends_at__gt=now,
        )

    def giving_rows(self) -> Self:
        """Those whose policy gives rows, and not totals alone."""
        return self.filter(policy__gives__isnull=True)  # what is not set is not in the data

    def promised(self, table: StoredTable) -> Self:
        """What a table is promised to, open or suspended, and not over."""
        return self.filter(
            table=table, status__in=("open", "suspended"), ends_at__gt=timezone.now()
        ).order_by("id")


class Share(Record):
    """`recipient` may read `table` as far as `policy` lets them, because of `basis`."""

    KIND = "share"
    PREFIX = "SH"
    LIFECYCLE = SHARE
    SEE = Can.SHARE_SEE
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "recipient": "recipient"}
    WATCHES = Can.SHARE_CLOSE

    table = models.ForeignKey(StoredTable, models.PROTECT, related_name="shares")
    recipient = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    policy = models.JSONField()
    policy_digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=32, editable=False, default=new_salt, db_default="")
    people = models.TextField(
        blank=True,
        editable=False,
        db_default="",
        help_text="Who alone may read, each address between semicolons",
    )
    basis = models.CharField(max_length=32, help_text="The record it rests on", db_index=True)
    basis_digest = models.CharField(max_length=64, help_text="The hash both sides signed")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = ShareQuerySet.as_manager()

    @property
    def title_text(self) -> str:
        """What of; a share has no title of its own."""
        return f"Share of {self.table.title}"

    @property
    def first_day(self) -> date:
        """The first day of delivery, as the agreement counts days."""
        return timezone.localdate(self.starts_at)

    @property
    def last_day(self) -> date:
        """The last day of delivery: `ends_at` is the moment after it."""
        return timezone.localdate(self.ends_at - timedelta(microseconds=1))

    @property
    def name(self) -> str:
        """Its name in Delta Sharing: the basis, in lower case."""
        return self.basis.lower()
