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
        [(row, row.numbers.interval) for row in stated], [(row, answer_rows(row)) for row in rated]
    )


def answer_rows(found: Assessment) -> list[tuple[str, str]]:
    """(criterion, answer) of an assessment, in the words that its scale has now."""
    known: dict[str, Criterion] = {c.code: c for c in found.rated_on.criteria}
    return [
        (known[code].question, known[code].label(answer)) if code in known else (code, str(answer))
        for code, answer in found.answers.items()
    ]
