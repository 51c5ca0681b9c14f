"""A link: one record, a relation, another record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.lifecycle import NEW, Lifecycle, State, Transition, states
from concordat.kernel.links.policy import Can
from concordat.kernel.publication.models import record_kinds
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor

LINK = Lifecycle(
    noun="link",
    states={"standing": State("Standing", colour="green"), "removed": State("Removed", end=True)},
    transitions=(
        Transition("draft", NEW, needs=Can.LINK_DRAFT, target="standing"),
        Transition("remove", states("standing"), needs=Can.LINK_REMOVE, target="removed"),
    ),
)

RELATIONS: dict[str, str] = {
    "evidenced_by": "Evidenced by",
    "uses_data_from": "Uses data from",
    "saves_on": "Saves on",
    "same_as": "The same thing as",
    "related_to": "Related to",
}
# The same, read from the other end.
BACKWARD: dict[str, str] = {
    "evidenced_by": "Evidence for",
    "uses_data_from": "Gives data to",
    "saves_on": "Saved on by",
}


class LinkQuerySet(SubjectQuerySet):
    """A link is known to those who may know both of its ends."""

    def visible_to(self, actor: Actor) -> Self:
        """Standing links between what the actor may see; those removed, for whoever may remove."""
        if actor.is_system:
            return self
        known = _known(actor, "source") & _known(actor, "target")
        theirs = models.Q(owner_id__in=actor.bodies(Can.LINK_REMOVE))
        return self.filter(known & (models.Q(status="standing") | theirs))

    def standing(self) -> Self:
        """Those that have not been removed."""
        return self.filter(status="standing")

    def of(self, reference: str) -> Self:
        """Those with the record of this reference at one end."""
        return self.filter(models.Q(source=reference) | models.Q(target=reference))


def _known(actor: Actor, end: str) -> models.Q:
    """Links at whose `end` is a record that the actor may see."""
    found = models.Q(pk__in=[])
    for kind, model in record_kinds().items():
        seen = model.objects.visible_to(actor).values("reference")
        found |= models.Q(**{f"{end}_kind": kind, f"{end}__in": seen})
    return found


class Link(Subject):
    """`source` → relation → `target`, both by kind and reference."""

    KIND = "link"
    LIFECYCLE = LINK
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}

    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    relation = models.CharField(max_length=32, choices=list(RELATIONS.items()))
    source_kind = models.CharField(max_length=32)
    source = models.CharField(max_length=32, db_index=True)
    target_kind = models.CharField(max_length=32)
    target = models.CharField(max_length=32, db_index=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["relation", "source", "target"],
                condition=models.Q(status="standing"),
                name="link_once",
                violation_error_message="These two are already linked in that way.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.relation} {self.target}"

    def clean(self) -> None:
        """Two different records of known kinds."""
        if self.source == self.target:
            raise ValidationError({"target": "A record cannot be linked to itself."})
        if unknown := {self.source_kind, self.target_kind} - set(record_kinds()):
            raise ValidationError({"target": f"There is no kind {', '.join(sorted(unknown))}."})
