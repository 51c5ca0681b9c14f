"""The evaluations of the world: invented, with dates that are counted from today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

DWP, DFE, MOJ, DHSC, HMT, DFT = (
    "department-for-work-pensions",
    "department-for-education",
    "ministry-of-justice",
    "department-of-health-and-social-care",
    "hm-treasury",
    "department-for-transport",
)


@dataclass(frozen=True)
class Change:
    """An amendment: how many days ago, what of the plan, why."""

    ago: float
    why: str
    plan: dict[str, Any] = field(default_factory=dict)
    dates: tuple[tuple[str, int, str], ...] = ()
    slip: bool = False


@dataclass(frozen=True)
class EvaluationPlan:
    """One evaluation. `dates` are (event, days from today, kind); `end` is how far it has come;
    `ago` is how many days ago it was published, or else drafted."""

    body: str
    title: str
    what: str
    types: str
    designs: str
    topics: str
    end: str
    ago: float
    dates: tuple[tuple[str, int, str], ...]
    intervention: tuple[str, str] = ("", "")  # name and group
    outcome: tuple[str, str] = ("", "")
    sample: int = 0
    unit: str = "people"
    changes: tuple[Change, ...] = ()
    late: tuple[float, str, str] | None = None  # days ago, ground, why
    exempt: tuple[float, str, int, str] | None = None  # days ago, ground, days from today, why


# Days ago on which the world was reminded of its results.
REMINDED: Final = (90, 75, 60, 45, 30, 15, 1)


def _when(data: int, end: int, results: int, *done: str) -> tuple[tuple[str, int, str], ...]:
    """The three dates that everybody says, and which of them have happened a little later."""
    told = [("first_data", data), ("end", end), ("publication", results)]
    intended = [(event, days, "intended") for event, days in told]
    actual = [(event, days + 12, "actual") for event, days in told if event in done]
    return (*intended, *actual)


EVALUATIONS: Final = (
    EvaluationPlan(
        DWP,
        "Job coaching by text message for people aged 50 to 64",
        "Whether weekly messages from a named coach bring more people aged 50 to 64 into work.",
        "impact process",
        "randomised_individual process_methods_individual_interviews",
        "work welfare",
        "published",
        390,
        _when(-340, -60, 40, "first_data", "end"),
        ("Weekly messages from a named coach", "Coaching"),
        ("In work after six months", "Employment"),
        8400,
        changes=(
            Change(
                250,
                "Fewer people than expected agreed to take part.",
                {"population": {"sample_size": 6200, "unit": "people"}},
            ),
        ),
        exempt=(20, "journal", 120, "A journal publishes it first, and asks for silence."),
    ),
    EvaluationPlan(
        DWP,
        "Travel vouchers for jobseekers in rural areas",
        "Whether a travel voucher helps jobseekers in rural areas to reach interviews.",
        "impact economic",
        "quasi_difference_in_difference value_cost_benefit",
        "work transport",
        "published",
        300,
        _when(-280, -150, -70, "first_data", "end"),
        ("Travel voucher of £40 a month", "Travel help"),
        ("Interviews attended", "Employment"),
        3100,
        changes=(
            Change(130, "The contractor needs longer.", dates=(("publication", -70, "intended"),)),
        ),
    ),
    EvaluationPlan(
        DFE,
        "Small-group tutoring in mathematics for pupils aged 12",
        "Whether twelve weeks of tutoring in groups of three raise marks in mathematics.",
        "impact",
        "randomised_cluster",
        "education_training_and_skills",
        "published",
        410,
        _when(-380, -120, -20, "first_data", "end", "publication"),
        ("Tutoring in groups of three", "Tutoring"),
        ("Mark in mathematics", "Mathematics"),
        140,
        "schools",
        changes=(
            Change(
                200,
                "The examination was moved, so the outcome is measured later.",
                {
                    "outcomes": [
                        {
                            "id": "main",
                            "name": "Mark in mathematics",
                            "group": "Mathematics",
                            "rank": "primary",
                            "time_frame": "Two terms after the start",
                        }
                    ]
                },
            ),
            Change(
                190, "A word was misspelt.", {"issue": {"who": "Pupils who fell behind"}}, slip=True
            ),
        ),
    ),
    EvaluationPlan(
        DFE,
        "Breakfast clubs in primary schools: how they are run",
        "How schools run breakfast clubs, and what helps pupils to come.",
        "process",
        "process_methods_case_studies process_methods_surveys_and_polling",
        "education_training_and_skills",
        "published",
        120,
        _when(-60, 90, 180, "first_data"),
        ("Breakfast club", "School meals"),
        ("Attendance", "Attendance"),
        60,
        "schools",
    ),
    EvaluationPlan(
        MOJ,
        "Mentors for people who leave prison",
        "Whether a mentor in the first year after release lowers reoffending.",
        "impact economic",
        "quasi_propensity_score_matching value_cost_benefit",
        "crime_justice_and_law",
        "published",
        330,
        _when(-300, -200, -100, "first_data", "end"),
        ("A mentor for a year", "Mentoring"),
        ("Reoffending within a year", "Reoffending"),
        2200,
        late=(40, "contractor", "The contractor handed in the last data in the spring."),
    ),
    EvaluationPlan(
        MOJ,
        "Reminders before court hearings",
        "Whether a message two days before a hearing brings more people to court.",
        "impact",
        "randomised_individual",
        "crime_justice_and_law",
        "published",
        60,
        _when(45, 200, 320),
        ("A message two days before", "Reminders"),
        ("Came to the hearing", "Attendance"),
        15000,
    ),
    EvaluationPlan(
        DHSC,
        "Walking groups prescribed by general practices",
        "Whether walking groups improve the wellbeing of people with long-term conditions.",
        "impact process",
        "randomised_stepped_wedge process_methods_qualitative_observation",
        "health_and_social_care",
        "published",
        280,
        (*_when(-260, 100, 200, "first_data"), ("stopped", -30, "actual")),
        ("A weekly walking group", "Physical activity"),
        ("Wellbeing", "Wellbeing"),
        48,
        "practices",
    ),
    EvaluationPlan(
        DHSC,
        "Letters that offer a health check at home",
        "Whether a letter that offers a check at home reaches people who never came.",
        "impact",
        "randomised_individual",
        "health_and_social_care",
        "embargoed",
        20,
        _when(30, 240, 330),
        ("A letter with a date", "Reminders"),
        ("Health checks done", "Screening"),
        30000,
    ),
    EvaluationPlan(
        DFT,
        "Protected cycle lanes on trunk roads in three cities",
        "What protected lanes change in how people travel, and at what cost.",
        "economic process",
        "value_cost_benefit process_methods_surveys_and_polling",
        "transport environment",
        "published",
        200,
        _when(-180, 150, 260, "first_data"),
        ("Protected cycle lane", "Road space"),
        ("Journeys by bicycle", "Travel"),
        24,
        "roads",
    ),
    EvaluationPlan(
        HMT,
        "A plainer letter about late tax returns",
        "Whether a plainer letter brings in returns sooner.",
        "impact",
        "randomised_individual",
        "money",
        "withdrawn",
        150,
        _when(-100, -20, 60),
        ("A plainer letter", "Reminders"),
        ("Returns in time", "Compliance"),
        12000,
    ),
    EvaluationPlan(
        HMT,
        "What is known about tax help lines: a synthesis of evidence",
        "What evaluations of help lines found, here and abroad.",
        "synthesis",
        "synthesis",
        "money government",
        "in_review",
        9,
        _when(20, 120, 160),
    ),
    EvaluationPlan(
        DWP,
        "Childcare paid in advance for parents who start work",
        "Whether paying for childcare in advance helps parents to start work.",
        "impact",
        "quasi_regression_discontinuity",
        "welfare parenting_childcare_and_childrens_services",
        "draft",
        5,
        _when(90, 400, 500),
    ),
)
