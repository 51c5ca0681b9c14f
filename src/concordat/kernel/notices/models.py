"""Notices, and how each person wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from concordat.kernel.lifecycle import ANY, NEW, Lifecycle, State, Transition, states
from concordat.kernel.notices.policy import Can
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

NOTICE = Lifecycle(
    noun="notice",
    states={"unread": State("Unread", colour="blue"), "read": State("Read", end=True)},
    transitions=(
        Transition("tell", NEW, needs=Can.NOTICE_SEE, target="unread", by="person", hidden=True),
        Transition("read", states("unread"), needs=Can.NOTICE_READ, target="read", by="person"),
    ),
)
PREFERENCE = Lifecycle(
    noun="preference",
    states={"set": State("Set", end=True)},
    transitions=(
        Transition("draft", NEW, needs=Can.PREFERENCE_EDIT, target="set", by="person"),
        Transition("edit", ANY, needs=Can.PREFERENCE_EDIT, by="person"),
    ),
)


class OwnQuerySet(SubjectQuerySet):
    """Rows that belong to one person."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        if actor.is_system:
            return self
        return self.filter(person_id=actor.id) if actor.kind == "person" else self.none()


class Notice(Subject):
    """One thing one person was told. Made and posted by the follower, which is not a deed."""

    KIND = "notice"
    LIFECYCLE = NOTICE
    SIDES: ClassVar[dict[str, str]] = {"person": "person"}

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    entry_id = models.BigIntegerField()
    name = models.CharField(max_length=64)
    reference = models.CharField(max_length=255)
    text = models.CharField(max_length=500)
    url = models.CharField(max_length=255)
    at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, editable=False, db_index=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["person", "entry_id"], name="notice_once")]

    def __str__(self) -> str:
        return self.text

    @property
    def owner_id(self) -> int | None:
        """The body of the person."""
        return self.person.owner_id


class Preference(Subject):
    """How a person wants e-mail: at once, once a day, or not at all."""

    KIND = "preference"
    LIFECYCLE = PREFERENCE
    SIDES: ClassVar[dict[str, str]] = {"person": "person"}
    CHOICES: ClassVar[list[tuple[str, str]]] = [
        ("at_once", "As things happen"),
        ("daily", "Once a day, in one e-mail"),
        ("never", "Not at all"),
    ]

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference"
    )
    email = models.CharField(max_length=8, choices=CHOICES, default="at_once")

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email

    @property
    def owner_id(self) -> int | None:
        """The body of the person."""
        return self.person.owner_id
