"""`Record`: the noun that every service's nouns are made from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.reference import make
from concordat.kernel.subject import Subject, SubjectQuerySet

if TYPE_CHECKING:
    from concordat.kernel.access import Actor
    from concordat.kernel.search.document import Document


class RecordQuerySet(SubjectQuerySet):
    """The start of every read."""

    def visible_to(self, actor: Actor) -> Self:
        """The records the actor may know of, by visibility, by role in the owner, by party."""
        if actor.is_system:
            return self
        model: type[Record] = self.model
        if not actor.allows(model.SEE):
            return self.none()
        return self.filter(reduce(or_, _openings(model, actor)))

    def public(self) -> Self:
        """What anyone may see, and nothing else."""
        return self.filter(visibility=Visibility.PUBLIC)


def _openings(model: type[Record], actor: Actor) -> Iterator[Q]:
    yield Q(visibility=Visibility.PUBLIC)
    if not actor.signed_in:
        return
    yield Q(visibility=Visibility.PARTNERS)
    if actor.government:
        yield Q(visibility=Visibility.GOVERNMENT)
    bodies = actor.bodies(model.SEE)
    for side, name in model.SIDES.items():
        person = model._meta.get_field(name).related_model.__name__ == "Person"  # type: ignore[union-attr]
        stands = Q(**{f"{name}_id": actor.id}) if person else Q(**{f"{name}_id__in": bodies})
        if person and actor.kind != "person":
            continue
        yield stands if side == "owner" else stands & Q(visibility__gte=Visibility.PARTIES)


class Record(Subject):
    """A drafted, decided, published thing with an owner, a reference and a clock.

    A subclass names its KIND, PREFIX, LIFECYCLE, SEE permission and SIDES; `as_document()` says what
    search may index of it. `CAME_OF` names the foreign keys to the records that it came of: whoever
    did something to those is told of this one too. `WATCHES` is the permission whose holders at the
    owner are told of a read that carries a note.
    """

    PREFIX: ClassVar[str]
    SEE: ClassVar[str]
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    SEARCHED: ClassVar[bool] = False
    CAME_OF: ClassVar[tuple[str, ...]] = ()
    WATCHES: ClassVar[str] = ""

    reference = models.CharField(max_length=32, unique=True, editable=False)
    owner = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    visibility = models.PositiveSmallIntegerField(
        choices=[(v.value, v.label) for v in Visibility], default=Visibility.OWNER, editable=False
    )
    turn = models.CharField(max_length=32, blank=True, editable=False)
    turn_since = models.DateTimeField(null=True, editable=False)
    due_at = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def handle(self) -> str:
        """Its reference."""
        return self.reference

    @property
    def title_text(self) -> str:
        """What a list or a notice calls it."""
        return str(getattr(self, "title", "") or self.reference)

    def assign_reference(self) -> None:
        """Give a new record its reference, drawn again where another record has it already."""
        while not self.reference:
            drawn = make(self.PREFIX)
            if not type(self)._default_manager.filter(reference=drawn).exists():
                self.reference = drawn

    @classmethod
    def searched_rows(cls) -> Any:
        """Every row with what `as_document` needs, for building the index."""
        return cls._default_manager.select_related("owner")

    def as_document(self) -> Document:
        """What search may index. Kinds that say SEARCHED answer."""
        raise TypeError(f"{self.KIND} is not searched")

    def inside_url(self) -> str:
        """Its page for people who have signed in."""
        return f"/inside{self.get_absolute_url()}"

    def get_absolute_url(self) -> str:
        """Its permanent public address."""
        return f"/{self.KIND.replace('_', '-')}s/{self.reference}"

    def api_url(self) -> str:
        """Its address on the JSON API."""
        return f"/api/v1{self.get_absolute_url()}"

    def side_bodies(self) -> dict[str, tuple[str, int | None]]:
        """Who stands on each side."""
        return {side: self.standing(side) for side in self.SIDES}


def record_kinds() -> dict[str, type[Record]]:
    """Every kind of record there is, by KIND."""
    return {m.KIND: m for m in apps.get_models() if issubclass(m, Record)}


def subject_kinds() -> dict[str, type[Subject]]:
    """Every kind of subject there is, by KIND."""
    return {m.KIND: m for m in apps.get_models() if issubclass(m, Subject)}


def find_record(actor: Actor, reference: str) -> Any:
    """The record with this reference, whatever its kind, or None if the actor may not know it."""
    prefix = reference.partition("-")[0]
    for model in record_kinds().values():
        if prefix == model.PREFIX:
            return model.objects.visible_to(actor).filter(reference=reference).first()
    return None
