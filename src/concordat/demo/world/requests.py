"""The share requests of the world: who asks for which table, what for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

PATHS: Final = {
    "draft": ("draft",),
    "submitted": ("draft", "submit"),
    "in_review": ("draft", "submit", "review", "comment"),
    "returned": ("draft", "submit", "review", "return"),
    "rejected": ("draft", "submit", "review", "reject"),
    "cancelled": ("draft", "submit", "cancel"),
    "unsigned": ("draft", "submit", "review", "accept"),
    "declined": ("draft", "submit", "review", "accept", "decline"),
    "half_signed": ("draft", "submit", "review", "accept", "sign"),
    "in_force": ("draft", "submit", "review", "accept", "sign", "countersign"),
    "expired": ("draft", "submit", "review", "accept", "sign", "countersign", "expire"),
    "closed": ("draft", "submit", "review", "accept", "sign", "countersign", "close"),
    "revoked": ("draft", "submit", "review", "accept", "sign", "countersign", "revoke"),
}
_PERSONAL: Final = {
    "data_types": ["personal"],
    "legal_power": "Digital Economy Act 2017, section 35",
    "legal_gateway": "dea-2017-35",
    "lawful_bases": ["public_task"],
}
_PLAIN: Final = {
    "data_types": ["none"],
    "legal_power": "Common law powers of the Secretary of State",
    "legal_gateway": "common-law",
    "lawful_bases": [],
}
DISPOSAL: Final = "Deleted within five working days, with a note to the supplier."


@dataclass(frozen=True)
class RequestPlan:
    """A request to be. `days` says, for each step of its path, how many days ago it was done.

    `ends` is the last day of use, in days from today: below nought it is past. `leave` is how many
    of the table's columns, from its last, are not asked for. `named` are those who alone may read.
    """

    end: str
    table: str
    asker: str
    title: str
    purpose: str
    benefit: str
    days: tuple[float, ...]
    ends: int = 300
    rows: str = ""
    leave: int = 2
    personal: bool = False
    note: str = ""
    clauses: dict[str, Any] = field(default_factory=dict, hash=False)
    named: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """The fields that do not depend on the day or on the table's columns."""
        law = _PERSONAL if self.personal else _PLAIN
        told = {"title": self.title, "purpose": self.purpose, "benefit": self.benefit}
        return {**told, **law, "rows": self.rows, "disposal": DISPOSAL, **self.clauses}


_DWP: Final = "department-for-work-pensions:analyst"
_MHCLG: Final = "ministry-of-housing-communities-local-government:analyst"
_DFT: Final = "department-for-transport:analyst"
_OUTSIDE: Final = "university-of-northbridge:researcher"

REQUESTS: Final = (
    RequestPlan(
        "expired", "housing", _DWP, "Where new homes and vacancies meet",
        "Compare net additional homes with vacancies notified to jobcentres, authority by authority.",
        "Jobcentres learn a year ahead where people will move.",
        (400, 398, 396, 390, 389, 388, 39), ends=-40,
    ),
    RequestPlan(
        "closed", "starts", _DWP, "Apprenticeships after a spell on benefits",
        "See whether areas with more apprenticeship starts have fewer young claimants.",
        "Coaches can point to the apprenticeships that last.",
        (210, 208, 205, 198, 197, 195, 60), ends=160,
        note="The pilot has its answer; we need the data no longer.",
    ),
    RequestPlan(
        "revoked", "air", _MHCLG, "Air beside new estates",
        "Set the readings of roadside stations beside planning applications.",
        "Homes are built where children breathe clean air.",
        (150, 149, 147, 140, 138, 137, 20), ends=220,
        note="The terms named a contractor who left; please ask again for the new one.",
    ),
    RequestPlan(
        "in_force", "spending", _DWP, "Suppliers that both departments pay",
        "Match suppliers with our own ledger, to see where one contract would do for both.",
        "The same services for less.",
        (95, 94, 92, 86, 85, 84), rows="\"Expense area\" in ('Digital', 'Estates')", leave=1,
        clauses={"versions": "since"},
    ),
    RequestPlan(
        "in_force", "claims", _MHCLG, "Help with rent and homes at risk",
        "Find areas where many claims were refused and many households were at risk of homelessness.",
        "Advice reaches households before they lose their home.",
        (93, 91, 90, 83, 82, 81), ends=24, personal=True, leave=4,
        clauses={
            "masks": {"claim_id": "hash"},
            "sample_by": "claim_id",
            "sample_percent": 20,
        },
        named=(_MHCLG,),
    ),
    RequestPlan(
        "in_force", "weather", _DFT, "Rain, wind and the counts that failed",
        "Explain failed traffic counts by the weather of the hour.",
        "Fewer counts have to be made again.",
        (75, 74, 73, 70, 69, 68), ends=110, clauses={"gives": "aggregates", "minimum_cell": 10},
    ),
    RequestPlan(
        "in_force", "air", _OUTSIDE, "Nitrogen dioxide before and after clean air zones",
        "Estimate what clean air zones changed, by station and hour, with the weather held constant.",
        "Councils know what to expect before they charge anybody.",
        (72, 71, 66, 64, 62, 61), ends=660, rows="pollutant = 'NO2'", leave=1,
    ),
    RequestPlan(
        "rejected", "claims", _DFT, "Bus passes for claimants",
        "Send bus passes to people who claim.",
        "More people can travel to interviews.",
        (50, 48, 45, 41), personal=True,
        note="Claims hold no addresses, and fewer columns would answer the question. See the summary tables.",
    ),
    RequestPlan(
        "cancelled", "tests", _DWP, "Cars of people who look for work",
        "See how old the cars are in areas with few buses.",
        "Travel grants go where there is no other way.",
        (37, 36, 33), note="We found what we need in the published tables.",
    ),
    RequestPlan(
        "declined", "workforce", _DWP, "Teachers who leave and benefits",
        "See whether people who leave teaching claim benefits within a year.",
        "Schools keep their teachers.",
        (34, 33, 32, 26, 22), note="The table is about to be replaced; ask again in spring.",
    ),
    RequestPlan(
        "returned", "traffic", _DWP, "Roads to jobcentres",
        "Work out how long people travel to a jobcentre.",
        "Appointments are given at hours when people can come.",
        (16, 15, 13, 12), note="Please say why each column is needed, and for which areas.",
    ),
    RequestPlan(
        "half_signed", "tests", _DFT, "Mileage and wear by region",
        "Estimate how far cars are driven, from two readings of the odometer.",
        "Road maintenance goes where the wear is.",
        (15, 14.5, 14, 9, 4),
    ),
    RequestPlan(
        "unsigned", "spending", _MHCLG, "What the Treasury buys from councils",
        "Find payments to local authorities that are in no grant list.",
        "Grants are told of once and in full.",
        (12, 11, 10, 3.5), leave=1,
    ),
    RequestPlan(
        "in_review", "spending", _DFT, "Payments for travel",
        "Compare what bodies pay for travel with the emissions that they report.",
        "Departments see where a train would do.",
        (9, 8, 3, 2.2), leave=3,
        note="No column names a person. Suppliers that are sole traders should be left out all the same.",
    ),
    RequestPlan(
        "submitted", "spending", _OUTSIDE, "Small firms among the suppliers of government",
        "Count the suppliers that are small firms, by purpose and year.",
        "Small firms learn where it is worth their while to bid.",
        (4, 2.5), leave=1,
    ),
    RequestPlan(
        "draft", "weather", _DWP, "Cold weather payments", "Check trigger dates against observations.",
        "Payments arrive in the week of the frost.", (2,),
    ),
    RequestPlan(
        "draft", "traffic", _OUTSIDE, "Cycling where paths were built", "", "", (1,), leave=6,
    ),
)  # fmt: skip
