"""A webhook: where an API client is told of what happens, and of what."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from concordat.kernel.audit.models import Follower
from concordat.kernel.people.models import Client
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.webhooks.lifecycle import WEBHOOK
from concordat.kernel.webhooks.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

PREFIX: Final = "webhook:"  # of the names of their followers
MOST_NAMES: Final = 50
PATTERN: Final = r"^([a-z_]{1,40}|\*):([a-z_]{1,40}|\*)$"


class WebhookQuerySet(SubjectQuerySet):
    """Webhooks are seen by those who administer their body, and by the client itself."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the clients of the bodies one administers, and a client's own."""
        if actor.is_system:
            return self
        mine = Q(client_id=actor.id) if actor.kind == "client" else Q(pk__in=[])
        return self.filter(mine | Q(client__owner_id__in=actor.bodies(Can.WEBHOOK_DRAFT)))

    def speaking(self) -> Self:
        """Those that tell now: active, and of a client that works."""
        works = Q(client__expires_at=None) | Q(client__expires_at__gt=timezone.now())
        return self.filter(works, status="active", client__status="active")


class Webhook(Subject):
    """An address that is told, in order, of the deeds that `client` may know of.

    The key that signs is derived from the host's secret, the row's id and `salt`: none is stored.
    """

    KIND = "webhook"
    LIFECYCLE = WEBHOOK

    client = models.ForeignKey(Client, models.PROTECT, related_name="webhooks")
    url = models.URLField(
        "address", max_length=500, help_text="Where it is sent, such as https://example.gov.uk/hook"
    )
    names = models.JSONField(
        default=list,
        blank=True,
        help_text="Of what it tells, such as `share_request:*`; empty for everything",
    )
    salt = models.CharField(max_length=32, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"],
                condition=~Q(status="closed"),
                name="webhook_once",
                violation_error_message="This client already has a webhook at this address.",
            )
        ]

    def __str__(self) -> str:
        return self.url

    def clean(self) -> None:
        """Patterns of the right shape."""
        names = self.names
        if not isinstance(names, list) or len(names) > MOST_NAMES:
            raise ValidationError({"names": f"Give a list of {MOST_NAMES} patterns at most."})
        for name in names:
            if not isinstance(name, str) or not re.fullmatch(PATTERN, name):
                raise ValidationError({"names": "Write each as noun:verb, such as dataset:*."})

    @property
    def owner_id(self) -> int | None:
        """The body of its client."""
        return self.client.owner_id

    @property
    def title_text(self) -> str:
        """What a page calls it."""
        return self.url

    @property
    def follower(self) -> str:
        """The name under which it follows the log."""
        return f"{PREFIX}{self.pk}"

    @property
    def delivery(self) -> Follower | None:
        """How far it has told, and what went wrong; None once closed."""
        return Follower.objects.filter(name=self.follower).first()

    def wants(self, name: str) -> bool:
        """True when it tells of entries of this name."""
        return not self.names or any(fnmatchcase(name, pattern) for pattern in self.names)

    def inside_url(self) -> str:
        """Its page."""
        return f"/inside/admin/webhooks/{self.pk}"

    def api_url(self) -> str:
        """Its address on the JSON API."""
        return f"/api/v1/webhooks/{self.pk}"
