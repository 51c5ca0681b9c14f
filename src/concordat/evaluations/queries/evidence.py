"""Assessments, findings, what findings say together, and the evidence gap map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Lower

from concordat.evaluations.models import Assessment, Evaluation, Finding
from concordat.evaluations.policy import Can
from concordat.evaluations.rules.evidence.findings import KINDS, POOLABLE, pool_numbers
from concordat.evaluations.rules.evidence.gaps import LAYERS, Cell, Entry, GapMap, draw, words_of
from concordat.evaluations.rules.evidence.inputs import MOST_STUDIES
from concordat.evaluations.rules.evidence.pooling import Pooled, Study
from concordat.kernel.access import Actor, may
from concordat.kernel.lifecycle import EITHER
from concordat.kernel.refusals import NotVisible

_RANKS = tuple(KINDS)


def assessments(actor: Actor, evaluation: str | None = None) -> QuerySet[Assessment]:
    """The assessments the actor may know of, of every evaluation or of one reference."""
    found = Assessment.objects.visible_to(actor)
    found = found.select_related("evaluation__owner", "assessor", "owner").order_by("-id")
    return found.filter(evaluation__reference=evaluation) if evaluation is not None else found


def assessment(actor: Actor, of: Evaluation, pk: int) -> Assessment:
    """One assessment of an evaluation. Raises NotVisible."""
    found = assessments(actor).filter(evaluation=of, pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def may_assess(actor: Actor, of: Evaluation) -> bool:
    """Whether the actor may rate an evaluation now."""
    may = actor.kind == "person" and bool(actor.bodies(Can.EVALUATION_ASSESS))
    return may and of.status == "published"


def may_state(actor: Actor, of: Evaluation) -> bool:
    """Whether the actor may state findings of an evaluation now."""
    may_draft = may(actor, Can.EVALUATION_DRAFT, of, EITHER)
    return may_draft and of.status not in ("withdrawn", "cancelled")


def findings(actor: Actor, **by: Any) -> QuerySet[Finding]:
    """The findings the actor may know of, narrowed by an evaluation's reference, by fields."""
    if "evaluation" in by:
        by["evaluation__reference"] = by.pop("evaluation")
    if "outcome_group" in by:
        by["outcome_group__iexact"] = by.pop("outcome_group")
    found = Finding.objects.visible_to(actor).filter(**by)
    return found.select_related("evaluation__owner", "report").order_by("-id")


def finding(actor: Actor, of: Evaluation, pk: int) -> Finding:
    """One finding of an evaluation. Raises NotVisible."""
    found = findings(actor).filter(evaluation=of, pk=pk).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Group:
    """A kind of outcome: in small letters, as somebody wrote it, and how many findings name it."""

    word: str
    label: str
    times: int


def outcome_groups(actor: Actor) -> list[Group]:
    """Each kind of outcome that findings name, the most common first."""
    found = findings(actor).exclude(outcome_group="").order_by()
    counted = found.values(word=Lower("outcome_group")).annotate(
        label=Min("outcome_group"), times=Count("id")
    )
    return sorted((Group(**row) for row in counted), key=lambda g: (-g.times, g.word))


@dataclass(frozen=True)
class Together:
    """Findings of one kind of outcome on one measure: those that are pooled, those of evaluations that
    have one there already, and those that have no interval."""

    group: str
    measure: str
    shown: tuple[tuple[Finding, Study], ...]
    further: tuple[Finding, ...]
    left_out: tuple[Finding, ...]
    pooled: Pooled | None


def together(actor: Actor, group: str, measure: str, method: str) -> Together:
    """What findings of a kind of outcome say together, on one measure: up to 200 of them.

    One finding speaks for each evaluation, that of the highest rank: several of the same people are
    not independent, and pooling them would narrow the interval. One without an interval cannot be
    pooled.
    """
    rows = list(findings(actor, outcome_group=group, measure=measure).order_by("id")[:MOST_STUDIES])
    rows.sort(key=lambda row: (_RANKS.index(row.kind), row.pk))
    able = [(row, row.numbers.study(f"{row.evaluation.title}: {row.outcome}")) for row in rows]
    spoken: dict[int, tuple[Finding, Study]] = {}
    for row, study in able:
        if study is not None:
            spoken.setdefault(row.evaluation_id, (row, study))
    shown = tuple(spoken.values())
    told = {row.pk for row, _ in shown}
    further = tuple(row for row, study in able if study is not None and row.pk not in told)
    left_out = tuple(row for row, study in able if study is None)
    pooled = pool_numbers([study for _, study in shown], measure, method)
    return Together(group, measure, shown, further, left_out, pooled)


def measures_of(actor: Actor, group: str) -> list[str]:
    """The measures on which findings of a kind of outcome can be pooled, the most common first."""
    found = findings(actor, outcome_group=group, measure__in=POOLABLE).order_by()
    counted = found.values("measure").annotate(times=Count("id")).order_by("-times", "measure")
    return [row["measure"] for row in counted]


def gap_map(actor: Actor, scale: str = "maryland", layers: Sequence[str] = tuple(LAYERS)) -> GapMap:
    """Intervention by outcome over the evaluations the actor may know of, in the layers asked for.

    Strength is that of the newest published assessment on `scale`; what is hidden in a plan is not
    on the map.
    """
    rows = Evaluation.objects.visible_to(actor).exclude(status="withdrawn")
    rows = (
        rows.filter(stage__in=layers).only("id", "plan", "dates", "hidden", "stage").order_by("id")
    )
    strengths = _strengths(actor, scale)
    return draw(
        Entry(
            row.pk,
            words_of(plan.get("interventions")),
            words_of(plan.get("outcomes")),
            row.stage,
            strengths.get(row.pk),
        )
        for row in rows
        for plan in (row.shown_plan() if row.hidden else row.plan,)
    )


def _strengths(actor: Actor, scale: str) -> dict[int, float]:
    """The strength of each evaluation rated on a scale: that of its newest assessment."""
    held: dict[int, float] = defaultdict(float)
    rated = Assessment.objects.visible_to(actor).filter(scale=scale, status="published")
    for row in rated.order_by("made_on", "id").only("evaluation_id", "level", "highest"):
        held[row.evaluation_id] = row.strength
    return held


def entries_of(actor: Actor, cell: Cell | None) -> QuerySet[Evaluation]:
    """The evaluations of one cell of the map."""
    known = Evaluation.objects.visible_to(actor).select_related("owner").order_by("title", "id")
    return known.filter(pk__in=cell.keys if cell else [])
