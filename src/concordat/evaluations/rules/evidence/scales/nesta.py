"""Nesta's Standards of Evidence: 1 to 5, each standing on those below."""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import YES_NO, Answers, Criterion, Scale, Score

_LEVELS = (
    ("account", "Is there a clear and logical account of what it does and why it should work?"),
    ("change", "Do data show a positive change, without confirming what caused it?"),
    ("cause", "Does a control or comparison group show that it caused the change?"),
    ("replication", "Has an independent evaluation replicated the finding?"),
    ("scale", "Do manuals, systems and procedures let it be repeated with the same effect?"),
)


def _judge(answers: Answers) -> Score:
    """The highest level that is met with all those below it."""
    met = [answers[code] == "yes" for code, _ in _LEVELS]
    level = met.index(False) if False in met else len(met)
    reasons = [f"Level {place} is met." for place in range(1, level + 1)]
    if level < len(met):
        reasons.append(f"Level {level + 1} is not met.")
    reasons += [
        f"Level {place} is met, but does not count while level {level + 1} is not."
        for place, yes in enumerate(met, 1)
        if yes and place > level
    ]
    return Score(level, 5, f"Level {level}" if level else "Below level 1", tuple(reasons))


NESTA = Scale(
    code="nesta",
    name="Nesta Standards of Evidence",
    version="2013.1",
    source="Nesta, Standards of Evidence, Puttick and Ludlow 2013",
    about="How confident one may be that an innovation has a positive impact.",
    criteria=tuple(Criterion(code, question, YES_NO) for code, question in _LEVELS),
    judge=_judge,
)
