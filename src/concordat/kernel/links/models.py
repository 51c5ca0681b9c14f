"""A link: one record, a relation, another record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models

from concordat.kernel.lifecycle import NEW, Lifecycle, State, Transition, states
from concordat.kernel.links.policy import Can
from concordat.kernel.publication.models import Record, record_kinds
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


class LinkQuerySet(SubjectQuerySet):
    """A link is known to those who may know both of its ends; see `links_of`."""

    def visible_to(self, actor: Actor) -> Self:
        """Links drafted by the bodies in which the actor may remove them."""
        if actor.is_system:
            return self
        return self.filter(owner_id__in=actor.bodies(Can.LINK_REMOVE))

    def standing(self) -> Self:
        """Those that have not been removed."""
        return self.filter(status="standing")


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


def links_of(actor: Actor, record: Record) -> list[tuple[str, Record]]:
    """(relation, other record) for each link whose other end the actor may see.

    The caller has already shown that the actor may see `record`.
    """
    out = Link.objects.standing().filter(source=record.reference)
    back = Link.objects.standing().filter(target=record.reference)
    ends = [(link.relation, link.target_kind, link.target) for link in out]
    ends += [(link.relation, link.source_kind, link.source) for link in back]
    found: list[tuple[str, Record]] = []
    for kind, model in record_kinds().items():
        wanted = {reference: relation for relation, k, reference in ends if k == kind}
        if wanted:
            rows = model.objects.visible_to(actor).filter(reference__in=wanted)
            found += [(wanted[row.reference], row) for row in rows]
    return found
