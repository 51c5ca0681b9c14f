"""What a deed is done to: anything with a status, a version and sides."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from concordat.kernel.lifecycle import OWNER, Lifecycle, State

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class SubjectQuerySet(models.QuerySet[Any]):
    """Every read begins here."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows the actor may know of. A subject that says nothing shows nothing."""
        return self if actor.is_system else self.none()


class Subject(models.Model):
    """A row that only `act` writes.

    `KIND` names it in permissions, entries and links; `SIDES` maps each side that a transition may
    name to the foreign key (an organisation or a person) that stands there; `PUBLIC_FIELDS` lists
    what a public entry of the audit log may show.
    """

    KIND: ClassVar[str]
    LIFECYCLE: ClassVar[Lifecycle]
    SIDES: ClassVar[dict[str, str]] = {OWNER: "owner"}
    PUBLIC_FIELDS: ClassVar[tuple[str, ...]] = ()
    # Whether many may be made in one statement: `clean` asks nothing of other rows.
    TOGETHER: ClassVar[bool] = False
    INDEXED_WITH: ClassVar[str] = ""  # the foreign key of the record whose document shows this row

    status = models.CharField(max_length=32, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    modified_at = models.DateTimeField(auto_now=True, editable=False)

    objects: Any  # each subject's own manager, made from a SubjectQuerySet

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, but that a row in hand is there is not asked of the database again."""
        keys = [f for f in self._meta.concrete_fields if isinstance(f, models.ForeignKey)]
        known = {f.name for f in keys if f.is_cached(self) and getattr(self, f.attname) is not None}
        super().clean_fields(exclude={*(exclude or ()), *known})

    @property
    def handle(self) -> str:
        """How people and scripts name this row."""
        return f"{self.KIND}-{self.pk}"

    @property
    def title_text(self) -> str:
        """What a list or a notice calls it."""
        return str(self)

    @property
    def state(self) -> State:
        """The status with its label, turn and colour."""
        return self.LIFECYCLE.states[self.status]

    def invites(self, actor: Actor) -> bool:
        """Whether the actor is invited to this one row; a subject that says nothing invites nobody."""
        return False

    def side_field(self, side: str) -> str | None:
        """The name of the foreign key that stands on `side`, or None."""
        return self.SIDES.get(side) or ("owner" if side == OWNER else None)

    def standing(self, side: str) -> tuple[str, int | None]:
        """Who stands on a side: ("person"|"organisation", id), id None when nobody does."""
        name = self.side_field(side)
        if name is None:
            return "organisation", None
        try:
            remote = self._meta.get_field(name).related_model
        except FieldDoesNotExist:  # a property, such as a body that owns itself
            remote = None
        kind = "person" if remote is not None and remote.__name__ == "Person" else "organisation"
        return kind, getattr(self, f"{name}_id")
