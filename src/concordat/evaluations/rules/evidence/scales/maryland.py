"""The Maryland Scientific Methods Scale: 1 to 5 by how selection is dealt with."""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import (
    YES_NO,
    Answers,
    Criterion,
    Scale,
    Score,
    options,
)

_DESIGNS = options(
    randomised="Randomised: chance decided who was treated",
    quasi_random="Quasi-random variation: a discontinuity, an instrument, an accident of timing",
    comparison="Before and after, with a comparison group: difference-in-difference, panel, matching",
    controlled="A cross-section, or before and after, with control variables",
    raw="A cross-section, or before and after, without control variables",
)
_CAPS = {"randomised": 5, "quasi_random": 4, "comparison": 3, "controlled": 2, "raw": 1}
_CONDITIONS = {
    "balance": "the groups are not shown to be alike",
    "attrition": "those who left are many, or more in one group, and it is not dealt with",
    "contamination": "the comparison group had the intervention too, or may have had",
    "assumption": "what the design rests on is not shown",
}
# What each design must show to keep the level that its label allows.
_NEEDED = {
    "randomised": ("balance", "attrition", "contamination"),
    "quasi_random": ("assumption", "attrition", "contamination"),
    "comparison": ("assumption", "balance"),
    "controlled": ("assumption",),
    "raw": (),
}


def _judge(answers: Answers) -> Score:
    """The design caps the level; each condition that it needs and lacks takes one away."""
    cap = _CAPS[answers["design"]]
    missing = [name for name in _NEEDED[answers["design"]] if answers[name] != "yes"]
    level = max(1, cap - len(missing))
    reasons = [f"The design allows level {cap} at most."]
    reasons += [f"One level less: {_CONDITIONS[name]}." for name in missing]
    if not missing:
        reasons.append("Everything that this design needs to show is shown.")
    return Score(level, 5, f"Level {level}", tuple(reasons))


MARYLAND = Scale(
    code="maryland",
    name="Maryland Scientific Methods Scale",
    version="2016.1",
    source="What Works Centre for Local Economic Growth, scoring guide, June 2016; that each unmet "
    "condition takes one level is this register's reading of the guide",
    about="How well the design rules out that those treated would have fared differently anyway.",
    criteria=(
        Criterion(
            "design", "What is the design?", _DESIGNS, "It caps the level, and never sets it."
        ),
        Criterion(
            "balance",
            "Are the groups shown to be alike before the intervention?",
            YES_NO,
            "Asked of randomised trials and of comparison groups.",
        ),
        Criterion(
            "attrition",
            "Is the loss of participants low and alike in the groups, or dealt with?",
            YES_NO,
        ),
        Criterion("contamination", "Was the comparison group kept from the intervention?", YES_NO),
        Criterion(
            "assumption",
            "Is what the design rests on shown?",
            YES_NO,
            "That the variation is as good as chance, that trends ran alike before, or that the "
            "controls are adequate. Randomised trials need not show it.",
        ),
    ),
    judge=_judge,
)
