"""The rows in which pages show findings and assessments."""

from __future__ import annotations

from dataclasses import dataclass

from concordat.evaluations.models import Assessment, Evaluation, Finding
from concordat.evaluations.queries.evidence import assessments, findings
from concordat.evaluations.rules.evidence.ratings import Criterion
from concordat.kernel.access import Actor


@dataclass(frozen=True)
class Figures:
    """What an evaluation's page shows of its evidence: each finding with its interval in words, each
    assessment with its questions and answers."""

    findings: list[tuple[Finding, str]]
    assessments: list[tuple[Assessment, list[tuple[str, str]]]]


def figures(actor: Actor, of: Evaluation) -> Figures:
    """The findings and the assessments of one evaluation, as far as the actor may know."""
    stated = findings(actor).filter(evaluation=of).order_by("id")[:200]
    rated = assessments(actor).filter(evaluation=of).order_by("scale", "-made_on", "id")[:100]
    return Figures(
        [(row, interval_of(row)) for row in stated], [(row, answer_rows(row)) for row in rated]
    )


def interval_of(found: Finding) -> str:
    """“0.05 to 0.37 (95%)”; nothing where the finding has no interval."""
    if found.interval_low is None or found.interval_high is None:
        return ""
    level = f" ({found.interval_level:g}%)" if found.interval_level else ""
    return f"{shown(found.interval_low)} to {shown(found.interval_high)}{level}"


def shown(value: float | None) -> str:
    """A number as a finding shows it: to four digits, with a true minus."""
    return "" if value is None else f"{value:,.4g}".replace("-", "\u2212")


def answer_rows(found: Assessment) -> list[tuple[str, str]]:
    """(criterion, answer) of an assessment, in the words that its scale has now."""
    known: dict[str, Criterion] = {c.code: c for c in found.rated_on.criteria}
    return [
        (known[code].question, known[code].label(answer)) if code in known else (code, str(answer))
        for code, answer in found.answers.items()
    ]
