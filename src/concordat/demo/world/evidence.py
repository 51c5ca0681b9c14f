"""What the evaluations of the world found, and how they are rated: invented numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

COACHING = "Job coaching by text message for people aged 50 to 64"
VOUCHERS = "Travel vouchers for jobseekers in rural areas"
TUTORING = "Small-group tutoring in mathematics for pupils aged 12"
MENTORS = "Mentors for people who leave prison"


@dataclass(frozen=True)
class Found:
    """One finding: of which evaluation, how many days ago it was stated, and what it says."""

    evaluation: str
    ago: float
    says: dict[str, Any]


def _numbers(
    estimate: float, low: float, high: float, n: int, measure: str = "standardised", **more: Any
) -> dict[str, Any]:
    return {
        "outcome_id": "main",
        "kind": "PRIMARY",
        "measure": measure,
        "estimate": estimate,
        "interval_low": low,
        "interval_high": high,
        "interval_level": 95.0,
        "interval_type": "confidence",
        "n": n,
        "interpretation": "superiority_inconclusive"
        if low <= 0 <= high
        else "superiority_superior",
        **more,
    }


FINDINGS: Final = (
    Found(COACHING, 30, _numbers(0.11, 0.06, 0.16, 6_044, p_value=0.0001)),
    Found(
        COACHING,
        30,
        _numbers(
            0.02,
            -0.03,
            0.07,
            6_044,
            outcome_id="",
            outcome="Hours worked a week",
            outcome_group="Employment",
            kind="POST_HOC",
        ),
    ),
    Found(VOUCHERS, 60, _numbers(0.04, -0.05, 0.13, 3_006, p_value=0.38)),
    Found(
        TUTORING,
        15,
        _numbers(0.19, 0.02, 0.36, 138, remarks="The examination was moved by two terms."),
    ),
    Found(
        MENTORS,
        90,
        _numbers(0.87, 0.71, 1.06, 2_143, "relative", interpretation="superiority_inconclusive"),
    ),
)


@dataclass(frozen=True)
class Rating:
    """One rating: of which evaluation, by whose evaluator, on which scale; `weak` are the answers
    that are not the strongest."""

    evaluation: str
    ago: float
    body: str
    scale: str
    weak: dict[str, str]
    remarks: str = ""


RATINGS: Final = (
    Rating(
        COACHING,
        20,
        "department-for-education",
        "maryland",
        {"attrition": "no"},
        "A quarter of those coached did not answer the last survey.",
    ),
    Rating(COACHING, 18, "hm-treasury", "nesta", {"replication": "no", "scale": "no"}),
    Rating(
        VOUCHERS,
        40,
        "hm-treasury",
        "maryland",
        {"design": "comparison", "assumption": "no"},
        "Trends before the vouchers are not shown.",
    ),
    Rating(TUTORING, 10, "ministry-of-justice", "eef", {"mdes": "m4", "missing": "moderate"}),
    Rating(TUTORING, 9, "department-for-work-pensions", "maryland", {}),
    Rating(
        MENTORS,
        70,
        "department-for-work-pensions",
        "wwc",
        {"design": "compared", "intact": "no", "attrition": "no", "baseline": "adjusted"},
    ),
)
