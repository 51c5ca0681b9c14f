"""`Record`: the noun that every service's nouns are made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone

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
        model: type[Record] = self.model
        return self.filter(Q(visibility=Visibility.PUBLIC) & ~model.embargoed())


def _openings(model: type[Record], actor: Actor) -> Iterator[Q]:
    wide = Q(visibility=Visibility.PUBLIC)
    if actor.signed_in:
        wide |= Q(visibility=Visibility.PARTNERS)
    if actor.government:
        wide |= Q(visibility=Visibility.GOVERNMENT)
    yield wide & ~model.embargoed()
    if not actor.signed_in:
        return
    if model.INVITED and actor.kind == "person":
        guests = model._meta.get_field(model.INVITED).remote_field.through._base_manager  # type: ignore[union-attr]
        column = f"{model._meta.model_name}_id"
        yield Q(pk__in=guests.filter(person_id=actor.id).values(column))
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
    owner are told of a read that carries a note. `EMBARGO` names a moment before which nobody but
    its sides may know of it, and `INVITED` the people (many to many) who may see and edit this one
    record, whatever roles they hold.
    """

    PREFIX: ClassVar[str]
    SEE: ClassVar[str]
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner"}
    SEARCHED: ClassVar[bool] = False
    CAME_OF: ClassVar[tuple[str, ...]] = ()
    WATCHES: ClassVar[str] = ""
    EMBARGO: ClassVar[str] = ""
    INVITED: ClassVar[str] = ""

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

    @classmethod
    def embargoed(cls, path: str = "") -> Q:
        """What is not open yet, whatever its visibility says; of the record at `path`, where given.

        Asked anew at each read, so that no job has to open anything.
        """
        if not cls.EMBARGO:
            return Q(pk__in=[])
        return Q(
            **{f"{path}{cls.EMBARGO}__isnull": False, f"{path}{cls.EMBARGO}__gt": timezone.now()}
        )

    @property
    def opens(self) -> datetime | None:
        """When its embargo ends, if it has one."""
        return getattr(self, self.EMBARGO) if self.EMBARGO else None

    @property
    def is_public(self) -> bool:
        """Whether anyone may know of it now."""
        shut = self.opens is not None and self.opens > timezone.now()
        return self.visibility == Visibility.PUBLIC and not shut

    def invites(self, actor: Actor) -> bool:
        """Whether the actor is invited to this record."""
        if not self.INVITED or actor.kind != "person" or self.pk is None:
            return False
        return bool(getattr(self, self.INVITED).filter(pk=actor.id).exists())

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
