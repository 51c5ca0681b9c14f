"""Where a stored table is loaded from, and how often."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from concordat.kernel.organisations.models import Organisation
from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.kernel.text import check_line
from concordat.tables.lifecycle import SOURCE
from concordat.tables.models.stored import StoredTable
from concordat.tables.policy import Can
from concordat.tables.rules.schedule import EVERY, next_run

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def connections_of(body: Organisation) -> dict[str, Any]:
    """The connections that the operator lets a body use, by name."""
    return {n: c for n, c in settings.ENV.connections.items() if body.slug in c.bodies}


class Source(Record):
    """`table` is loaded from `place` of a connection that the operator names."""

    KIND = "source"
    PREFIX = "SO"
    LIFECYCLE = SOURCE
    SEE = Can.TABLE_SEE

    table = models.ForeignKey(StoredTable, models.PROTECT, related_name="sources", editable=False)
    connection = models.CharField(max_length=63, validators=[check_line])
    place = models.CharField(
        max_length=500,
        validators=[check_line],
        help_text="schema.table of a database; of object storage the key of a file, or a prefix "
        "that ends in / and whose newest file is taken",
    )
    every = models.CharField("how often", max_length=8, choices=list(EVERY.items()))
    hour = models.PositiveSmallIntegerField(
        default=5, validators=[MaxValueValidator(23)], help_text="When daily or weekly: 0 to 23"
    )
    weekday = models.PositiveSmallIntegerField(
        default=0,
        choices=list(enumerate(_DAYS)),
        validators=[MaxValueValidator(6)],
        help_text="When weekly",
    )
    next_at = models.DateTimeField(null=True, editable=False, db_index=True)
    ran_at = models.DateTimeField(null=True, editable=False)
    result = models.CharField(max_length=500, blank=True, editable=False)
    # Of what was loaded last: the content, and how its store tells one state of it from another.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    mark = models.CharField(max_length=64, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table"],
                condition=~Q(status="closed"),
                name="source_once",
                violation_error_message="This table has a source already. Edit it, or close it.",
            )
        ]

    def clean(self) -> None:
        """A table of a database is named with its schema, and a source loads one of its own body."""
        if self.owner_id != self.table.owner_id:
            raise ValidationError("The table belongs to another organisation.")

    @property
    def title_text(self) -> str:
        """What a list or a notice calls it."""
        return f"Source of {self.table.title}"

    @property
    def rhythm(self) -> str:
        """How often, in words."""
        if self.every not in ("daily", "weekly"):
            return EVERY[self.every]
        day = f" on {_DAYS[self.weekday]}" if self.every == "weekly" else ""
        return f"{EVERY[self.every]}{day} at {self.hour}:00"

    def plan(self) -> None:
        """Say when it is due next; never while it is not running."""
        runs = self.status in ("active", "failing")
        zone = timezone.get_default_timezone()
        told = (self.every, self.hour, self.weekday)
        self.next_at = next_run(*told, timezone.now(), zone) if runs else None
