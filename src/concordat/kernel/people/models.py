"""People, API clients and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from concordat.kernel.access.policy import Can
from concordat.kernel.people.lifecycle import CLIENT, PERSON, TOKEN
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, tidy

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class PersonQuerySet(SubjectQuerySet):
    """People are seen by themselves and by those who administer their body."""

    def visible_to(self, actor: Actor) -> Self:
        """Oneself, and the people of the bodies one administers."""
        if actor.is_system:
            return self
        mine = models.Q(pk=actor.id) if actor.kind == "person" else models.Q(pk__in=[])
        return self.filter(mine | models.Q(owner_id__in=actor.bodies(Can.PERSON_SEE)))


class PersonManager(BaseUserManager["Person"]):
    """What Django's sign-in machinery asks of a manager, on top of the query set."""

    def get_queryset(self) -> PersonQuerySet:
        """Every person; callers narrow with `visible_to`."""
        return PersonQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> PersonQuerySet:
        """See `PersonQuerySet.visible_to`."""
        return self.get_queryset().visible_to(actor)

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find somebody by e-mail address, in any case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, Subject):
    """Somebody who can sign in. `owner` is their home organisation."""

    KIND = "person"
    LIFECYCLE = PERSON
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "self": "self"}
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, validators=[check_line])
    owner = models.ForeignKey(
        "kernel.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="home organisation",
    )
    job_title = models.CharField(max_length=150, blank=True, validators=[check_line])
    is_active = models.BooleanField(default=True, editable=False)

    objects = PersonManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Lower the address, tidy the name, keep `is_active` in step with the status."""
        self.email = type(self).objects.normalize_email(self.email).lower()
        self.name = tidy(self.name)
        self.is_active = self.status == "active"

    def standing(self, side: str) -> tuple[str, int | None]:
        """A person stands on the side `self`."""
        return ("person", self.pk) if side == "self" else super().standing(side)

    def get_full_name(self) -> str:
        """The whole name."""
        return self.name


class ClientQuerySet(SubjectQuerySet):
    """API clients are seen by those who administer their body."""

    def visible_to(self, actor: Actor) -> Self:
        """Clients of the bodies one administers, and the client itself."""
        if actor.is_system:
            return self
        mine = models.Q(pk=actor.id) if actor.kind == "client" else models.Q(pk__in=[])
        return self.filter(mine | models.Q(owner_id__in=actor.bodies(Can.CLIENT_DRAFT)))


class Client(Subject):
    """A machine that acts for an organisation. Its secret is kept only as a digest."""

    KIND = "client"
    LIFECYCLE = CLIENT

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="clients")
    name = models.CharField(max_length=150, validators=[check_line])
    client_id = models.CharField(max_length=64, unique=True, editable=False)
    secret_digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TokenQuerySet(SubjectQuerySet):
    """Tokens are seen by whoever holds them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own tokens."""
        if actor.is_system:
            return self
        if actor.kind == "person":
            return self.filter(person_id=actor.id)
        return self.filter(client_id=actor.id) if actor.kind == "client" else self.none()

    def usable(self) -> Self:
        """Tokens that work now, and whose client, if they have one, still does."""
        now = timezone.now()
        lasts = models.Q(client__expires_at=None) | models.Q(client__expires_at__gt=now)
        return self.filter(lasts, status="active", expires_at__gt=now)

    def usable_by(self, kind: str, holder: int) -> Self:
        """The same of one holder, a "person" or a "client" whose own account works."""
        theirs = {f"{kind}_id": holder, f"{kind}__status": "active"}
        if kind == "client":
            return self.usable().filter(**theirs)
        return self.filter(status="active", expires_at__gt=timezone.now(), **theirs)


class Token(Subject):
    """A bearer token, shown once and kept as a SHA-256 digest; scoped, expiring, revocable."""

    KIND = "token"
    LIFECYCLE = TOKEN

    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="tokens")
    client = models.ForeignKey(Client, models.CASCADE, null=True, blank=True, related_name="tokens")
    name = models.CharField(max_length=150, validators=[check_line])
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, client__isnull=True)
                | models.Q(person__isnull=True, client__isnull=False),
                name="token_has_one_holder",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> Person | Client:
        """The person or client it acts as."""
        found = self.person or self.client
        assert found is not None  # the constraint says so
        return found

    @property
    def owner_id(self) -> int | None:
        """The body of whoever holds it."""
        return self.holder.owner_id

    def standing(self, side: str) -> tuple[str, int | None]:
        """On the side `holder` stands the person or the client."""
        if side != "holder":
            return super().standing(side)
        return ("client", self.client_id) if self.person_id is None else ("person", self.person_id)
