"""The readable agreement: HTML made from its terms, the same terms giving the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from concordat.kernel.reference import codelist
from concordat.tables.plane.policy import Policy


@dataclass(frozen=True)
class Terms:
    """Everything an agreement says."""

    reference: str
    request: str
    title: str
    dataset: str
    dataset_reference: str
    table: str
    supplier: str
    acquirer: str
    purpose: str
    benefit: str
    legal_power: str
    legal_gateway: str
    lawful_bases: tuple[str, ...]
    special_conditions: tuple[str, ...]
    data_types: tuple[str, ...]
    disposal: str
    starts_on: date
    ends_on: date
    policy: Policy

    def columns(self) -> list[tuple[str, str]]:
        """Each column with what becomes of it."""
        masked = {mask.column: mask for mask in self.policy.masks}
        return [
            (name, masked[name].becomes if name in masked else "is given as it stands")
            for name in self.policy.columns
        ]

    def refuses(self) -> str:
        """Who is refused, where the policy names people or networks."""
        refused = []
        if self.policy.people:
            refused.append("whoever is not named there, program or person")
        if self.policy.networks:
            refused.append("whoever asks from another network")
        return f" It refuses {' and '.join(refused)}." if refused else ""


@cache
def _template() -> Template:
    loader = PackageLoader("concordat.marketplace.rules", ".")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["label"] = lambda code, name: codelist(name).label(code)
    environment.filters["day"] = lambda d: f"{d.day} {d:%B %Y}"
    return environment.get_template("agreement.html")


def agreement_html(terms: Terms) -> str:
    """The body of the agreement as HTML; every value is escaped."""
    return _template().render(t=terms)
