"""A table of totals that was asked for through a share, as it was released."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Concat

from concordat.kernel.people.models import Person
from concordat.kernel.publication.models import Record, RecordQuerySet
from concordat.tables.lifecycle import OUTPUT
from concordat.tables.models.share import Share
from concordat.tables.models.stored import TableVersion
from concordat.tables.plane.aggregate import Aggregate
from concordat.tables.plane.disclosure import words
from concordat.tables.plane.totals import Figure
from concordat.tables.policy import Can

if TYPE_CHECKING:
    from concordat.kernel.access import Actor


class OutputQuerySet(RecordQuerySet):
    """Tables of totals, and what was told through whom."""

    def visible_to(self, actor: Actor) -> Self:
        """As every record; where the share's policy names people, the recipient's others see none."""
        found = super().visible_to(actor)
        if actor.is_system:
            return found
        named = Q(share__people="") | Q(owner_id__in=actor.bodies(Output.SEE))
        if actor.kind == "person":
            address = Person.objects.filter(pk=actor.id or 0).values("email")[:1]
            named |= Q(share__people__contains=Concat(Value(";"), Subquery(address), Value(";")))
        return found.filter(named)

    def told_to(self, recipient: int, table: int) -> Self:
        """Everything that a body was told of a stored table, through whichever share, oldest first.

        A refused table told nothing; one that was refused and then not cleared shows no cell.
        """
        found = self.filter(share__recipient=recipient, share__table=table)
        return found.exclude(status="refused").select_related("table_version").order_by("id")


class Output(Record):
    """What `recipient` asked to be counted or added up through `share`, and what they were told.

    `figures` holds the cells, `would_pass` the tables near to it of which every cell would be
    shown. `rules` are those that a refused table fails; of one released in part they are not kept,
    for with them the cells hidden for their own sake could be told from those hidden for another's.
    """

    KIND = "output"
    PREFIX = "OU"
    LIFECYCLE = OUTPUT
    SEE = Can.OUTPUT_SEE
    SIDES: ClassVar[dict[str, str]] = {"owner": "owner", "recipient": "recipient"}

    share = models.ForeignKey(Share, models.PROTECT, related_name="outputs")
    recipient = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    table_version = models.ForeignKey(TableVersion, models.PROTECT, related_name="+")
    policy_digest = models.CharField(max_length=64, help_text="The policy it was made under")
    request = models.JSONField(help_text="What was asked for")
    figures = models.JSONField(help_text="Its cells")
    rules = models.JSONField(default=list, blank=True, help_text="The rules that it fails")
    would_pass = models.JSONField(default=dict, blank=True, help_text="What is shown whole, alone")
    least = models.PositiveIntegerField(help_text="The fewest contributors of a cell that is shown")

    objects = OutputQuerySet.as_manager()

    @property
    def asked(self) -> Aggregate:
        """What was asked for."""
        return Aggregate.from_data(self.request)

    @property
    def cells(self) -> list[Figure]:
        """Its cells, as they may be shown."""
        return [Figure.from_data(data) for data in self.figures["cells"]]

    @property
    def near(self) -> list[Aggregate]:
        """The tables near to it of which every cell would be shown, each asked for alone."""
        return [Aggregate.from_data(data) for data in self.would_pass.get("tables", [])]

    @property
    def refusals(self) -> list[str]:
        """Why it was refused, in words."""
        return [words(rule, self.least) for rule in self.rules]

    @property
    def title_text(self) -> str:
        """What it counts or adds up, and by what."""
        return self.asked.words()
