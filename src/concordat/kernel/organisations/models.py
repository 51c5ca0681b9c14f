"""Organisations. Bodies are renamed, merged and closed; the record stays and points onward."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.subject import Subject, SubjectQuerySet
from concordat.kernel.text import check_line, tidy

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

_DOMAIN: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_MOST_NAMES: Final = 100


class OrganisationQuerySet(SubjectQuerySet):
    """That an organisation exists is public."""

    def visible_to(self, actor: Actor) -> Self:
        """All of them, for everybody."""
        return self.all()

    def government(self) -> Self:
        """Public bodies only."""
        return self.filter(is_government=True)


class Organisation(Subject):
    """A public body, or an outside organisation (a business, a university, a charity)."""

    KIND = "organisation"
    LIFECYCLE = ORGANISATION
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ("name", "slug", "kind", "stage", "aliases")

    slug = models.SlugField(max_length=255, unique=True, allow_unicode=False)
    name = models.CharField(max_length=255, validators=[check_line])
    abbreviation = models.CharField(max_length=64, blank=True, validators=[check_line])
    kind = models.CharField(max_length=64, blank=True)
    is_government = models.BooleanField(default=True)
    stage = models.CharField(max_length=32, blank=True, help_text="The status GOV.UK gives it")
    aliases = models.JSONField(default=list, blank=True)
    identifiers = models.JSONField(default=dict, blank=True)
    domains = models.JSONField(default=list, blank=True, help_text="E-mail domains of its people")
    parents = models.ManyToManyField(
        "self", symmetrical=False, through="Parentage", related_name="children"
    )
    successors = models.ManyToManyField(
        "self", symmetrical=False, through="Succession", related_name="predecessors"
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Other names are lines of text; a domain is one body's, since it opens accounts there."""
        self.aliases = _lines(self.aliases, "aliases")
        self.domains = [line.lower() for line in _lines(self.domains, "domains")]
        if wrong := [line for line in self.domains if not _DOMAIN.fullmatch(line)]:
            says = f"“{wrong[0]}” is no e-mail domain. Write it like treasury.gov.uk."
            raise ValidationError({"domains": says})
        others = (
            Organisation.objects.exclude(pk=self.pk).exclude(domains=[]) if self.domains else []
        )
        for other in others:
            if taken := set(self.domains) & set(other.domains):
                says = f"{min(taken)} is already the e-mail domain of {other.name}."
                raise ValidationError({"domains": says})

    @property
    def owner_id(self) -> int | None:
        """An organisation owns its own record."""
        return self.pk

    @property
    def handle(self) -> str:
        """Its slug."""
        return self.slug

    def get_absolute_url(self) -> str:
        """Its public page."""
        return f"/organisations/{self.slug}"


def _lines(values: Any, name: str) -> list[str]:
    """The lines of a list, tidied, each once.

    Raises ValidationError for anything but a list of up to 100 lines of 255 characters.
    """
    if not isinstance(values, list) or len(values) > _MOST_NAMES:
        raise ValidationError({name: f"Give {_MOST_NAMES} or fewer, one a line."})
    found = [tidy(value) for value in values if isinstance(value, str)]
    if len(found) != len(values) or any(not 0 < len(line) <= 255 for line in found):
        raise ValidationError({name: "Use 1 to 255 characters in each line."})
    for line in found:
        try:
            check_line(line)
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error
    return list(dict.fromkeys(found))


class Parentage(models.Model):
    """`child` is part of `parent`, from one date to another."""

    child = models.ForeignKey(Organisation, models.CASCADE, related_name="parentages")
    parent = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="parentage_once"),
            models.CheckConstraint(
                condition=~models.Q(child=models.F("parent")), name="parentage_not_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} in {self.parent_id}"


class Succession(models.Model):
    """`predecessor` was renamed to, merged into or replaced by `successor`."""

    predecessor = models.ForeignKey(Organisation, models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")),
                name="succession_not_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
