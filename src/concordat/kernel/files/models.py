"""The upload: a file that somebody sent, as it came."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.files.policy import Can
from concordat.kernel.lifecycle import NEW, Lifecycle, State, Transition, states
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

LIFE: Final = timedelta(days=7)
UPLOAD = Lifecycle(
    noun="upload",
    states={
        "unfinished": State("Being sent", colour="blue"),
        "kept": State("Kept", colour="green"),
        "discarded": State("Discarded", end=True),
    },
    transitions=(
        Transition("keep", NEW, needs=Can.UPLOAD_KEEP, target="kept"),
        Transition("begin", NEW, needs=Can.UPLOAD_KEEP, target="unfinished", hidden=True),
        Transition(
            "finish", states("unfinished"), needs=Can.UPLOAD_KEEP, target="kept", hidden=True
        ),
        Transition(
            "discard",
            states("unfinished", "kept"),
            needs=Can.UPLOAD_KEEP,
            target="discarded",
            hidden=True,
        ),
    ),
)


class UploadQuerySet(SubjectQuerySet):
    """Uploads are seen inside the body that they were sent to."""

    def visible_to(self, actor: Actor) -> Self:
        """The uploads of the bodies whose uploads one may see."""
        return self if actor.is_system else self.filter(owner_id__in=actor.bodies(Can.UPLOAD_SEE))


class Upload(Subject):
    """A file, named by the SHA-256 of its content; the same content is stored once."""

    KIND = "upload"
    LIFECYCLE = UPLOAD

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=255, validators=[check_line])
    # What an upload that is sent piece by piece holds is known when its last piece is there.
    kind = models.CharField(max_length=16, blank=True)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    digest = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="SHA-256 of the content"
    )
    sender = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Who alone may send the pieces of an unfinished one",
    )
    told = models.CharField(
        max_length=2000,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What its sender's program said of it, given back as it came",
    )
    meant_for = models.CharField(
        max_length=32,
        blank=True,
        default="",
        db_default="",
        db_index=True,
        help_text="Reference of the record that it was sent for",
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """What is kept is known by its content."""
        if self.status == "kept" and not (self.digest and self.kind):
            raise ValidationError("The content of this file is not known yet.")

    @property
    def expires_at(self) -> datetime:
        """When it goes if nobody uses it: a week after it was there, or was begun."""
        begun = self.modified_at if self.status == "kept" else self.created_at
        return begun + LIFE

    @property
    def pieces(self) -> str:
        """Where the pieces of an unfinished one are in the store, each named by its start.

        With the moment, because a number comes again where a database was put back.
        """
        return f"pieces/{self.pk}-{self.created_at:%Y%m%d%H%M%S%f}"

    @property
    def path(self) -> str:
        """Where its content is in the store."""
        return f"uploads/{self.digest}"
