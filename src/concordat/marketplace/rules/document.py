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
