"""The people a visitor can be. They do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Part:
    """One of the cast: where they work, what they are there, what they do in the story."""

    key: str
    name: str
    body: str  # slug
    role: str
    roles: tuple[str, ...]
    does: str

    @property
    def email(self) -> str:
        """A reserved address, so that no e-mail can reach anyone."""
        return f"{self.name.lower().replace(' ', '.')}@{self.body}.example"


CAST: Final = (
    Part(
        "steward",
        "Olwen Pryce",
        "hm-treasury",
        "data steward",
        ("data_steward",),
        "Describes datasets, loads tables, reviews requests.",
    ),
    Part(
        "approver",
        "Colin Achebe",
        "hm-treasury",
        "approver",
        ("approver",),
        "Publishes datasets, decides on requests, revokes agreements.",
    ),
    Part(
        "supplier_signatory",
        "Salma Qureshi",
        "hm-treasury",
        "signatory of the supplier",
        ("signatory",),
        "Signs agreements for HM Treasury.",
    ),
    Part(
        "analyst",
        "Asha Lindqvist",
        "department-for-work-pensions",
        "analyst",
        ("analyst",),
        "Finds data, asks for it, reads it.",
    ),
    Part(
        "acquirer_signatory",
        "Bram Okonkwo",
        "department-for-work-pensions",
        "signatory of the acquirer",
        ("signatory",),
        "Signs agreements for Work and Pensions.",
    ),
    Part(
        "protection_officer",
        "Ines Carvalho",
        "hm-treasury",
        "protection officer",
        ("protection_officer",),
        "Reads requests for the Treasury and comments on them.",
    ),
    Part(
        "evaluator",
        "Eluned Marsh",
        "department-for-work-pensions",
        "evaluator",
        ("evaluator",),
        "Registers evaluations, amends their plans, reports what was found.",
    ),
    Part(
        "evaluation_lead",
        "Lachlan Osei",
        "department-for-work-pensions",
        "evaluation lead",
        ("evaluation_lead",),
        "Signs evaluations off, publishes them, answers for those that are late.",
    ),
    Part(
        "researcher",
        "Tomasz Wren",
        "university-of-northbridge",
        "outside researcher",
        ("researcher",),
        "Works at a partner university; sees what partners may see.",
    ),
    Part(
        "administrator",
        "Ada Fairweather",
        "hm-treasury",
        "administrator",
        ("administrator",),
        "Invites people and gives roles at HM Treasury.",
    ),
    Part(
        "platform_administrator",
        "Pat Mbeki",
        "cabinet-office",
        "platform administrator",
        ("platform_administrator", "administrator"),
        "Runs the platform.",
    ),
)
