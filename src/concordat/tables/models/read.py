"""The reads through shares as lists show them, and what was unusual about one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Value, When
from django.utils import timezone

from concordat.kernel.audit.models import Entry
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.tables.lifecycle import FLAG
from concordat.tables.models.share import Share
from concordat.tables.policy import Can
from concordat.tables.rules.reads import LONGEST, Span

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class ShareReadQuerySet(models.QuerySet["ShareRead"]):
    """Reads are seen by both sides of their share."""

    def visible_to(self, actor: Actor) -> Self:
        """Those through shares on a side of which the actor stands."""
        return self.filter(share_id__in=Share.objects.visible_to(actor).values("pk"))

    def running_first(self, now: datetime | None = None) -> Self:
        """Those that run now, then the others, each newest first; `ended` is 0 or 1."""
        runs = When(**_runs(now or timezone.now()), then=Value(0))
        return self.annotate(ended=Case(runs, default=Value(1))).order_by("ended", "-id")

    def running(self) -> Self:
        """Those that run now."""
        return self.filter(**_runs(timezone.now()))


def _runs(now: datetime) -> dict[str, Any]:
    return {"stage": "running", "began_at__gt": now - LONGEST}


class ShareRead(models.Model):
    """One read, of however many requests: the shadow of the entries that hold its `key`.

    `entry` is the first of them: who and how is said there, and nowhere else. `rows` is None where
    it is not known, as of a part of a file, or where there are none.
    """

    STAGES: ClassVar[dict[str, str]] = {
        "running": "Running now",
        "whole": "Whole",
        "part": "A part of the file",
        "limited": "Up to the limit",
        "broken": "Broken off",
        "": "",  # it was handed out, and may be fetched or not
    }

    share = models.ForeignKey(Share, models.PROTECT, related_name="reads")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    key = models.CharField(max_length=32, unique=True, help_text="In the facts of its entries")
    reader = models.CharField(max_length=32, help_text="Such as person:12")
    home = models.BigIntegerField(null=True, help_text="The body that the reader works for")
    door = models.CharField(max_length=32)
    file = models.CharField(max_length=255, blank=True, help_text="What was read in parts")
    began_at = models.DateTimeField(db_index=True)
    heard_at = models.DateTimeField(help_text="Of the last entry")
    stage = models.CharField(max_length=8, blank=True, choices=list(STAGES.items()))
    rows = models.PositiveBigIntegerField(null=True)
    bytes = models.PositiveBigIntegerField(null=True)
    requests = models.PositiveIntegerField(default=1)
    spans = models.JSONField(default=list, help_text="Which bytes of the file were sent")

    objects = ShareReadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["share", "reader", "began_at"], name="read_of_reader")]

    def __str__(self) -> str:
        return f"read {self.key}"

    @property
    def facts(self) -> dict[str, Any]:
        """What its first entry tells; nothing once that is erased."""
        return dict(self.entry.private.get("facts", {}))

    @property
    def now(self) -> str:
        """Its stage as of now: one whose end never came has broken off."""
        stale = self.stage == "running" and self.began_at <= timezone.now() - LONGEST
        return "broken" if stale else self.stage

    @property
    def covered(self) -> list[Span]:
        """The bytes of the file that were sent."""
        return [(first, last) for first, last in self.spans]


class FlagQuerySet(SubjectQuerySet):
    """What is unusual is for the supplier alone."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of shares of the bodies in which the actor may see shares."""
        return self if actor.is_system else self.filter(owner_id__in=actor.bodies(Can.SHARE_SEE))


class Flag(Subject):
    """A read was unlike those before it: why, and what the supplier's people found out."""

    KIND = "flag"
    LIFECYCLE = FLAG

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    read = models.OneToOneField(ShareRead, models.PROTECT, related_name="flag")
    why = models.JSONField()
    note = models.TextField(blank=True, max_length=4000)
    settled_by = models.CharField(blank=True, max_length=200)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"unusual read by {self.read.entry.actor_name}"

    @property
    def words(self) -> str:
        """Why, in one line."""
        return "; ".join(self.why)
