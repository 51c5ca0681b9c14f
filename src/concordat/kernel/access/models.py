"""A grant: one role, in one body, for one person or API client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.policy import Can
from concordat.kernel.access.roles import all_roles
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access.actor import Actor


class GrantQuerySet(SubjectQuerySet):
    """Grants are seen by those who administer the body, and by whoever holds them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own grants and those of the bodies one administers."""
        if actor.is_system:
            return self
        mine = models.Q(pk__in=[])
        if actor.kind == "person":
            mine = models.Q(person_id=actor.id)
        elif actor.kind == "client":
            mine = models.Q(client_id=actor.id)
        return self.filter(mine | models.Q(owner_id__in=actor.bodies(Can.GRANT_GIVE)))


class Grant(Subject):
    """`person` (or `client`) holds `role` in `owner` while the status is active."""

    KIND = "grant"
    LIFECYCLE = GRANT

    owner = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="grants", verbose_name="organisation"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="grants"
    )
    client = models.ForeignKey(
        "kernel.Client", models.CASCADE, null=True, blank=True, related_name="grants"
    )
    role = models.CharField(max_length=64)

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, client__isnull=True)
                | models.Q(person__isnull=True, client__isnull=False),
                name="grant_has_one_holder",
                violation_error_message="Give the role to one person or to one API client.",
            ),
            models.UniqueConstraint(
                fields=["owner", "person", "role"],
                condition=models.Q(status="active", person__isnull=False),
                name="grant_person_once",
                violation_error_message="This person already holds that role here.",
            ),
            models.UniqueConstraint(
                fields=["owner", "client", "role"],
                condition=models.Q(status="active", client__isnull=False),
                name="grant_client_once",
                violation_error_message="This client already holds that role here.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.owner_id}"

    def clean(self) -> None:
        """Refuse a role that nobody declared."""
        if self.role not in all_roles():
            raise ValidationError({"role": "Choose a role from the list."})
