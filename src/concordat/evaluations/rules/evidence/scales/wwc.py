"""What Works Clearinghouse: does a study meet the design standards?"""

from __future__ import annotations

from concordat.evaluations.rules.evidence.ratings import (
    YES_NO,
    Answers,
    Criterion,
    Scale,
    Score,
    options,
)

_LABELS = (
    "Does not meet standards",
    "Meets standards with reservations",
    "Meets standards without reservations",
)
_BASELINE = options(
    alike="0.05 standard deviations or less",
    adjusted="Above 0.05 and up to 0.25, and the analysis adjusts for it",
    unadjusted="Above 0.05 and up to 0.25, and the analysis does not adjust for it",
    apart="Above 0.25",
    unknown="Not shown",
)


def _judge(answers: Answers) -> Score:
    """Randomised with low attrition passes by itself; all else must show that groups were alike."""
    fatal = [
        reason
        for name, reason in (
            ("confounded", "One thing other than the intervention sets a whole group apart."),
            ("outcome", "No outcome is valid, reliable and measured alike in both groups."),
        )
        if answers[name] != "yes"
    ]
    if fatal:
        return Score(0, 2, _LABELS[0], tuple(fatal))
    if answers["design"] == "randomised" and answers["intact"] == answers["attrition"] == "yes":
        reasons = ("Randomised as it was meant to be, with low attrition.",)
        return Score(2, 2, _LABELS[2], reasons)
    why = _why_not_by_chance(answers)
    if answers["baseline"] in ("alike", "adjusted"):
        said = (
            "The groups are shown to have been alike, or the analysis adjusts for the difference."
        )
        return Score(1, 2, _LABELS[1], (why, said))
    return Score(
        0, 2, _LABELS[0], (why, "The groups are not shown to have been alike at baseline.")
    )


def _why_not_by_chance(answers: Answers) -> str:
    if answers["design"] != "randomised":
        return "Chance did not decide who was treated."
    if answers["intact"] != "yes":
        return "Randomised, but those compared are not those whom chance assigned."
    return "Randomised, but with high attrition."


WWC = Scale(
    code="wwc",
    name="What Works Clearinghouse",
    version="5.0.1",
    source="What Works Clearinghouse, Procedures and Standards Handbook, version 5.0, 2022",
    about="Whether the design of a study of two groups meets the standards for causal claims.",
    criteria=(
        Criterion(
            "design",
            "How were the groups formed?",
            options(randomised="By chance", compared="In another way, with a comparison group"),
        ),
        Criterion(
            "intact",
            "Are those compared those whom chance assigned?",
            YES_NO,
            "Answer no where nothing was assigned by chance.",
        ),
        Criterion(
            "attrition",
            "Is attrition low, overall and between the groups together?",
            YES_NO,
            "By the boundary that the review protocol names.",
        ),
        Criterion("baseline", "How far apart were the groups at baseline?", _BASELINE),
        Criterion(
            "confounded",
            "Is there nothing else that sets a whole group apart?",
            YES_NO,
            "Such as one teacher, or one school, who alone taught all of a group.",
        ),
        Criterion(
            "outcome", "Is the outcome valid, reliable and measured alike in both groups?", YES_NO
        ),
    ),
    judge=_judge,
)
