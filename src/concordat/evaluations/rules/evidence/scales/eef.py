"""The Education Endowment Foundation's padlocks: 0 to 5 by how secure a trial's finding is."""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import Answers, Criterion, Scale, Score, options

_DESIGNS = options(
    d5="Randomised, with an analysis that fits the design",
    d4="Regression discontinuity, or difference-in-difference with matching",
    d3="Comparison matched on all the observed things that matter",
    d2="Comparison matched on some of them",
    d1="Comparison that is not matched",
    d0="No comparison group",
)
_MDES = options(
    m5="0.2 or below",
    m4="0.21 to 0.29",
    m3="0.30 to 0.39",
    m2="0.40 to 0.49",
    m1="0.50 to 0.59",
    m0="0.6 or above",
)
_ATTRITION = options(
    a5="0 to 10 %",
    a4="11 to 20 %",
    a3="21 to 30 %",
    a2="31 to 40 %",
    a1="41 to 50 %",
    a0="Above 50 %",
)
_RISK = options(low="Low risk", moderate="Moderate risk", high="High risk")
_DIRECTION = options(
    unknown="In different directions, or not known, or there are none", same="In the same direction"
)
_COLUMNS = {"design": "design", "mdes": "the effect it could detect", "attrition": "attrition"}
_THREATS = {
    "confounding": "confounding",
    "concurrent": "other interventions at the same time",
    "experimental": "effects of being in a trial",
    "implementation": "how faithfully it was delivered",
    "missing": "missing data",
    "measurement": "how outcomes were measured",
    "reporting": "selective reporting",
}


def reduction(high: int, moderate: int, *, same: bool) -> int:
    """How many padlocks the threats take: 0, 1 or 2.

    What the guidance does not name (five or more moderate threats, three or more in the same
    direction, a high one beside a single moderate) takes two: the harder of its neighbours.
    """
    if high == 0 and moderate <= (0 if same else 2):
        return 0
    if high == 0 and moderate <= (2 if same else 4):
        return 1
    return 1 if high == 1 and moderate == 0 else 2


def _judge(answers: Answers) -> Score:
    """The lowest of the three columns, less what the threats take."""
    columns = {name: int(answers[name][1:]) for name in _COLUMNS}
    lowest = min(columns.values())
    named = [_COLUMNS[name] for name, padlocks in columns.items() if padlocks == lowest]
    graded = {
        grade: [_THREATS[t] for t in _THREATS if answers[t] == grade]
        for grade in ("high", "moderate")
    }
    taken = reduction(
        len(graded["high"]), len(graded["moderate"]), same=answers["direction"] == "same"
    )
    level = max(0, lowest - taken)
    reasons = [f"The lowest of the three columns gives {lowest}: {', '.join(named)}."]
    reasons += [
        f"Threats of {grade} risk: {', '.join(threats)}."
        for grade, threats in graded.items()
        if threats
    ]
    reasons.append(f"The threats to validity take {taken or 'none'} away.")
    return Score(level, 5, f"{level} padlock{'' if level == 1 else 's'}", tuple(reasons))


EEF = Scale(
    code="eef",
    name="EEF padlocks",
    version="2019.1",
    source="Education Endowment Foundation, classification of the security of findings, 2019",
    about="How secure the finding of a trial is, whatever it found.",
    criteria=(
        Criterion("design", "What is the design?", _DESIGNS),
        Criterion(
            "mdes",
            "What effect could it detect when people were randomised?",
            _MDES,
            "The minimum detectable effect size at 80 % power, in standard deviations.",
        ),
        Criterion("attrition", "How many were lost to the primary analysis?", _ATTRITION),
        *(Criterion(code, f"Threat: {label}", _RISK) for code, label in _THREATS.items()),
        Criterion(
            "direction", "Which way would the moderate threats bias the finding?", _DIRECTION
        ),
    ),
    judge=_judge,
)
