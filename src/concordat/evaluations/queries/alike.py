"""Evaluations like one that is being registered, of those the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any, Final

from django.db.models import Case, IntegerField, Value, When

from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.alike import Likeness, Told, alike, stems_of
from concordat.evaluations.rules.dates import Moment
from concordat.kernel.access import Actor
from concordat.kernel.reference import codelist

MOST_COMPARED: Final = 60
MOST_SHOWN: Final = 5
_NEEDED: Final = ("reference", "title", "status", "topics", "dates", "owner__slug", "owner__name")


@dataclass(frozen=True)
class Like:
    """Another evaluation, and why it may be the same."""

    evaluation: Evaluation
    likeness: Likeness

    @property
    def reasons(self) -> str:
        """Why, as one sentence."""
        told = "; ".join(self.likeness.reasons)
        return f"{told[:1].upper()}{told[1:]}."


def like_this(actor: Actor, found: Evaluation) -> list[Like]:
    """The evaluations that may be the same as this one, most alike first: three queries.

    Two that are likely one share words of their titles, so only those are compared, at most 60, that
    have most of its words; which is asked of the database, within what the actor may see.
    """
    stems = stems_of(found.title)
    if not stems:
        return []
    hits: Any = reduce(add, (_has(stem) for stem in stems))
    rows = (
        Evaluation.objects.visible_to(actor)
        .exclude(pk=found.pk)
        .exclude(status__in=["withdrawn", "cancelled"])
        .annotate(hits=hits)
        .filter(hits__gt=0)
        .select_related("owner")
        .prefetch_related("partners")
        .only(*_NEEDED)
        .order_by("-hits", "-id")[:MOST_COMPARED]
    )
    this = told_of(actor, found)
    likes = [Like(row, alike(this, told_of(actor, row))) for row in rows]
    likely = [like for like in likes if like.likeness.likely]
    return sorted(likely, key=lambda like: (-like.likeness.score, like.evaluation.reference))[
        :MOST_SHOWN
    ]


def _has(stem: str) -> Case:
    return Case(
        When(title__icontains=stem, then=Value(1)), default=Value(0), output_field=IntegerField()
    )


def told_of(actor: Actor, found: Evaluation) -> Told:
    """What an evaluation that the actor sees is compared by."""
    days = [Moment.read(happening["on"]) for happening in found.dates]
    topics = codelist("evaluation_topics")
    return Told(
        title=found.title,
        lead=found.owner.slug,
        partners=frozenset(partner.slug for partner in found.partners.all()),
        topics=frozenset(topics.label(code) for code in found.topics),
        begins=min((day.first for day in days), default=None),
        ends=max((day.last for day in days), default=None),
    )
