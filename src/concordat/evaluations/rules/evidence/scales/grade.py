"""GRADE: how certain a body of evidence about one outcome is."""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import Answers, Criterion, Scale, Score, options

_LABELS = ("", "Very low", "Low", "Moderate", "High")
_START = {"randomised": 4, "observational": 2}
_DOWN = {
    "bias": "risk of bias",
    "inconsistency": "inconsistency between studies",
    "indirectness": "indirectness",
    "imprecision": "imprecision",
    "publication": "publication bias",
}
_UP = {
    "large": "a large effect",
    "dose": "more effect with more of the intervention",
    "confounding": "confounding that could only have hidden the effect",
}
_SERIOUS = options(none="Not serious", serious="Serious", very="Very serious")
_SUSPECTED = options(none="Not suspected", serious="Strongly suspected")
_LARGE = options(very="Very large", large="Large", none="Neither")
_SEEN = options(yes="Yes", none="No")
_STEPS = {"none": 0, "serious": 1, "very": 2, "large": 1, "yes": 1}


def _judge(answers: Answers) -> Score:
    """Start by design, go down for doubts; up only where nothing took it down."""
    start = _START[answers["start"]]
    down = {name: _STEPS[answers[name]] for name in _DOWN if _STEPS[answers[name]]}
    up = {name: _STEPS[answers[name]] for name in _UP if _STEPS[answers[name]]}
    reasons = [f"Evidence of this kind starts {_LABELS[start].lower()}."]
    reasons += [f"Down {steps} for {_DOWN[name]}." for name, steps in down.items()]
    level = start - sum(down.values())
    if up and down:
        reasons.append("Not raised: what has been lowered may not be raised again.")
    elif up:
        level += sum(up.values())
        reasons += [f"Up {steps} for {_UP[name]}." for name, steps in up.items()]
    level = min(4, max(1, level))
    return Score(level, 4, _LABELS[level], tuple(reasons))


GRADE = Scale(
    code="grade",
    name="GRADE",
    version="2013.1",
    source="GRADE Working Group, handbook, October 2013",
    about="How certain one may be of the effect on one outcome, over all its studies.",
    criteria=(
        Criterion(
            "start",
            "What are the studies?",
            options(randomised="Randomised trials", observational="Observational studies"),
        ),
        *(
            Criterion(
                code,
                f"How serious is the doubt: {label}?",
                _SUSPECTED if code == "publication" else _SERIOUS,
            )
            for code, label in _DOWN.items()
        ),
        Criterion(
            "large",
            "Is the effect large?",
            _LARGE,
            "Large: at least twice the risk, or half. Very large: five times, or a fifth.",
        ),
        Criterion("dose", "Is there more effect with more of the intervention?", _SEEN),
        Criterion(
            "confounding",
            "Would all the confounding one can think of have hidden the effect?",
            _SEEN,
        ),
    ),
    judge=_judge,
)
