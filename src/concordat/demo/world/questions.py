"""What the bodies of the world want to know, and what its evaluations recommend: invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from concordat.demo.world.evaluations import DFE, DFT, DHSC, DWP, HMT, MOJ
from concordat.demo.world.evidence import COACHING, MENTORS, TUTORING, VOUCHERS

BREAKFAST = "Breakfast clubs in primary schools: how they are run"
REMINDERS = "Reminders before court hearings"
WALKING = "Walking groups prescribed by general practices"
CYCLING = "Protected cycle lanes on trunk roads in three cities"


@dataclass(frozen=True)
class Linked:
    """That an evaluation answers a question or bears on it: how many days ago it was said, and
    whether it was confirmed since."""

    evaluation: str
    relation: str
    ago: float
    confirmed: bool = True


@dataclass(frozen=True)
class Asked:
    """A question, how many days ago it was published or else drafted, and its answer if it has one."""

    body: str
    text: str
    tags: str  # with commas between
    ago: float
    links: tuple[Linked, ...] = ()
    answer: tuple[float, str] = (0, "")  # days ago, words
    draft: bool = False


@dataclass(frozen=True)
class Advice:
    """A recommendation, to whom, when a response is due in days from today, and what came of it."""

    evaluation: str
    ago: float
    text: str
    to: str
    due: int
    response: tuple[float, str, str] = (0, "", "")  # days ago, which, words
    changed: tuple[float, str] = (0, "")  # days ago, words


QUESTIONS: Final = (
    Asked(
        DWP,
        "What helps people over 50 who lost their job to find another within six months?",
        "Employment, Older people",
        420,
        (Linked(COACHING, "answers", 300), Linked(VOUCHERS, "bears_on", 200)),
    ),
    Asked(
        DWP,
        "How much of what keeps people in rural areas out of work is the cost of travel?",
        "Employment, Transport",
        360,
        (Linked(VOUCHERS, "answers", 150), Linked(CYCLING, "bears_on", 40, confirmed=False)),
        (20, "A part of it: where a voucher was offered, a few more interviews were attended."),
    ),
    Asked(
        DFE,
        "Does tutoring in small groups close the gap in mathematics, and for whom?",
        "Schools, Mathematics",
        425,
        (Linked(TUTORING, "answers", 400),),
        (10, "It raises marks, and more for pupils who were furthest behind."),
    ),
    Asked(
        DFE,
        "What do pupils eat before school, and does it change how they learn?",
        "Schools, Health",
        180,
        (Linked(BREAKFAST, "bears_on", 100),),
    ),
    Asked(DFE, "Which routes keep teachers of physics in schools for five years?", "Schools", 90),
    Asked(
        MOJ,
        "What lowers reoffending in the first year after release, at what cost?",
        "Reoffending",
        340,
        (Linked(MENTORS, "answers", 300),),
    ),
    Asked(
        MOJ,
        "Why do people not come to their hearings?",
        "Courts",
        150,
        (Linked(REMINDERS, "bears_on", 50),),
    ),
    Asked(MOJ, "How do victims judge what courts tell them?", "Courts, Victims", 30),
    Asked(
        DHSC,
        "Which activities that a doctor prescribes do people keep up for a year?",
        "Health, Prevention",
        290,
        (Linked(WALKING, "answers", 200),),
    ),
    Asked(
        DHSC, "What do unpaid carers need first when a hospital sends somebody home?", "Care", 75
    ),
    Asked(
        DFT,
        "Who begins to cycle when a lane is protected, and what did they do before?",
        "Transport, Environment",
        220,
        (Linked(CYCLING, "answers", 190),),
    ),
    Asked(HMT, "What makes a letter about tax plain?", "Tax", 60),
    Asked(HMT, "What would people pay to file once a year?", "Tax", 8, draft=True),
)

ADVICE: Final = (
    Advice(
        COACHING,
        30,
        "Offer a named coach to everybody over 50 in their first month without work.",
        DWP,
        60,
    ),
    Advice(
        COACHING,
        30,
        "Let people choose the day on which the message comes.",
        DWP,
        -5,
    ),
    Advice(
        VOUCHERS,
        45,
        "Agree with bus operators how jobseekers show that they may travel free.",
        DFT,
        12,
    ),
    Advice(
        TUTORING,
        18,
        "Give the first tutors to the schools whose pupils are furthest behind.",
        DFE,
        20,
        (9, "partly", "From next September, in the areas that already have tutors."),
    ),
    Advice(
        TUTORING,
        18,
        "Measure attendance week by week.",
        DFE,
        10,
        (15, "accepted", "Schools send it already."),
        (3, "Tutors record who came, and schools see it the same day."),
    ),
    Advice(
        MENTORS,
        120,
        "Begin mentoring before release.",
        MOJ,
        -60,
        (70, "rejected", "Prisons have no room for visits by mentors before 2028."),
    ),
)
