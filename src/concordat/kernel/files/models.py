"""The upload: a file that somebody sent, as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from concordat.kernel.files.policy import Can
from concordat.kernel.lifecycle import NEW, Lifecycle, State, Transition, states
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

UPLOAD = Lifecycle(
    noun="upload",
    states={
        "kept": State("Kept", colour="green"),
        "discarded": State("Discarded", end=True),
    },
    transitions=(
        Transition("keep", NEW, needs=Can.UPLOAD_KEEP, target="kept"),
        Transition(
            "discard", states("kept"), needs=Can.UPLOAD_KEEP, target="discarded", hidden=True
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
    kind = models.CharField(max_length=16)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the content")
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

    @property
    def path(self) -> str:
        """Where its content is in the store."""
        return f"uploads/{self.digest}"
