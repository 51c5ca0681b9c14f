"""What an evaluation promised beside what it reported, as the actor may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from concordat.evaluations.models import Evaluation, Finding
from concordat.evaluations.queries.evaluations import plans
from concordat.evaluations.queries.evidence import findings
from concordat.evaluations.rules.promises import Row, Told, baseline, compare, promises
from concordat.kernel.access import Actor

_RANKS = {"PRIMARY": "primary", "SECONDARY": "secondary"}


@dataclass(frozen=True)
class Comparison:
    """The table twice: against the last version before the first data were collected, and against
    the last before the results; with the numbers of those versions, None where nothing is
    published."""

    before_data: list[Row]
    before_results: list[Row]
    data_version: int | None
    results_version: int | None

    @property
    def same(self) -> bool:
        """Whether both stand on one version."""
        return self.data_version == self.results_version

    def count(self, verdict: str) -> int:
        """How many lines of the first table have this verdict."""
        return sum(row.verdict == verdict for row in self.before_data)


def comparison(actor: Actor, of: Evaluation) -> Comparison:
    """What was promised beside what was reported: two queries."""
    made = list(plans(actor, of))
    told = [_told(finding) for finding in findings(actor, evaluation=of.reference).order_by("id")]
    dates = of.happenings
    complete = bool(told) and (dates.stage == "complete" or bool(dates.actual("publication")))
    bodies = [
        (timezone.localdate(plan.created_at), {**plan.shown()["plan"], "_": plan.number})
        for plan in made
    ]
    newest = promises(bodies[-1][1]) if bodies else []
    data, results = (
        baseline(bodies, dates.best("first_data")),
        _before_results(bodies, dates.actual("publication")),
    )

    def rows(plan: Any) -> list[Row]:
        return compare(promises(plan), told, newest, complete=complete) if plan else []

    return Comparison(
        rows(data),
        rows(results),
        data["_"] if data else None,
        results["_"] if results else None,
    )


def _before_results(bodies: list[Any], published: Any) -> Any:
    """The plan that stood when results came; the newest while there are none."""
    if not bodies:
        return None
    return baseline(bodies, published) if published else bodies[-1][1]


def _told(finding: Finding) -> Told:
    return Told(
        key=str(finding.pk),
        name=finding.outcome,
        outcome_id=finding.outcome_id,
        rank=_RANKS.get(finding.kind, ""),
        declared=finding.kind == "POST_HOC",
        settled="none" if finding.not_promised else "",
    )
