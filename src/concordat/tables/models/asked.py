"""What analysts asked of the SQL door: queries that ran, and queries that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, check_text
from concordat.tables.lifecycle import QUERY_RUN, SAVED_QUERY
from concordat.tables.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

MOST_SQL = 20_000


class QueryRunQuerySet(SubjectQuerySet):
    """A run is for whoever asked alone: what they wrote may say what they look for."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        if actor.is_system:
            return self
        if not actor.allows(Can.TABLE_READ) or actor.kind not in ("person", "client"):
            return self.none()
        return self.filter(**{f"{actor.kind}_id": actor.id})


class QueryRun(Subject):
    """One query: as written and as run, what it read and what came of it. Its rows are not kept."""

    KIND = "query_run"
    LIFECYCLE = QUERY_RUN

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    client = models.ForeignKey(
        "kernel.Client", models.CASCADE, null=True, blank=True, related_name="+"
    )
    sql = models.TextField(max_length=MOST_SQL, validators=[check_text])
    run_sql = models.TextField(blank=True, help_text="As it was run")
    bases = models.JSONField(default=list, blank=True, help_text="The agreements read")
    started_at = models.DateTimeField()
    milliseconds = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    outcome = models.CharField(
        max_length=16,
        choices=[
            ("whole", "All of it"),
            ("part", "Up to the limit"),
            ("refused", "Refused"),
            ("stopped", "Stopped"),
        ],
    )
    problem = models.CharField(max_length=500, blank=True)

    objects = QueryRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"query {self.pk}"


class SavedQueryQuerySet(SubjectQuerySet):
    """Saved queries are seen by whoever saved them and, once shared, by their body's analysts."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own, and those shared in the bodies in which one may read tables."""
        if actor.is_system:
            return self
        if not actor.allows(Can.TABLE_READ):
            return self.none()
        seen = models.Q(status="shared", owner_id__in=actor.bodies(Can.TABLE_READ))
        if actor.kind == "person":
            seen |= models.Q(person_id=actor.id)
        return self.filter(seen).exclude(status="removed")


class SavedQuery(Subject):
    """A query with a title, to run again."""

    KIND = "saved_query"
    LIFECYCLE = SAVED_QUERY
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "person": "person"}

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, validators=[check_line])
    sql = models.TextField("SQL", max_length=MOST_SQL, validators=[check_text])

    objects = SavedQueryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
