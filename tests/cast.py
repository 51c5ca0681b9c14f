"""The small cast of every test.

Two departments come to terms. At the Treasury, which supplies, Olive owns and stewards the data,
Colin (her colleague) approves, Sal signs. At Work and Pensions, which acquires, Asha asks and Bram
signs. Eve evaluates for the Treasury and Lea leads its evaluations. Erin works at a third body,
Priya for a partner university, Ada administers the Treasury, Pat runs the platform, Noor has an
account and no role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.lifecycle import PERSON
from concordat.kernel.people.models import Person
from concordat.kernel.search.follow import index

ROLES = {
    "olive": ("treasury", ("data_steward",)),
    "colin": ("treasury", ("approver",)),
    "sal": ("treasury", ("signatory",)),
    "eve": ("treasury", ("evaluator",)),
    "lea": ("treasury", ("evaluation_lead",)),
    "ada": ("treasury", ("administrator",)),
    "asha": ("pensions", ("analyst",)),
    "bram": ("pensions", ("signatory",)),
    "erin": (
        "education",
        ("analyst", "data_steward", "approver", "signatory", "evaluator", "evaluation_lead"),
    ),
    "priya": ("university", ("researcher",)),
    "pat": ("cabinet", ("platform_administrator",)),
    "noor": ("treasury", ()),
}
BODIES = {
    "treasury": ("HM Treasury", True),
    "pensions": ("Department for Work and Pensions", True),
    "education": ("Department for Education", True),
    "cabinet": ("Cabinet Office", True),
    "university": ("University of Example", False),
}


@dataclass
class Cast:
    """People by first name, their bodies, and actors made afresh when asked."""

    people: dict[str, Person]
    bodies: dict[str, Organisation]

    def __getattr__(self, name: str) -> Actor:
        if name in self.people:
            return actor_for(self.people[name])
        raise AttributeError(name)


def make_body(slug: str, name: str, is_government: bool = True) -> Organisation:
    body = Organisation(slug=slug, name=name, is_government=is_government)
    return act(SYSTEM, ORGANISATION["draft"], body)


def make_person(name: str, body: Organisation, roles: tuple[str, ...] = ()) -> Person:
    person = Person(email=f"{name}@{body.slug}.example", name=name.capitalize(), owner=body)
    person.set_unusable_password()
    person = act(SYSTEM, PERSON["invite"], person)
    for role in roles:
        act(SYSTEM, GRANT["give"], Grant(owner=body, person=person, role=role))
    return person


@pytest.fixture
def empty_index() -> None:
    """The search index outlives a test's database, so each test begins it anew."""
    if index().cursor != -1:
        index().write((), (), -1, anew=True)


_rows: list[Any] = []  # what the deeds of the first cast wrote, by this process


@pytest.fixture
def cast(db: None, empty_index: None) -> Cast:
    """Everybody, in their bodies, with their roles: by deeds once, and then the rows they wrote."""
    if not _rows:
        before = {(type(row), row.pk) for row in _everything()}
        for key, facts in BODIES.items():
            make_body(key, *facts)
        bodies = {body.slug: body for body in Organisation.objects.all()}
        for name, (body, roles) in ROLES.items():
            make_person(name, bodies[body], roles)
        _rows.extend(row for row in _everything() if (type(row), row.pk) not in before)
    else:
        with transaction.atomic():  # the rows name one another, and are all there at its end
            for model, rows in groupby(_rows, type):
                model._base_manager.bulk_create(rows)
    everybody = Person.objects.select_related("owner")
    people = {person.email.partition("@")[0]: person for person in everybody}
    return Cast(people, {body.slug: body for body in Organisation.objects.all()})


def _everything() -> Iterator[Any]:
    for model in apps.get_models(include_auto_created=True):
        yield from model._base_manager.all()


POSTS = """Organisation,Unit,Grade,Pay minimum,Pay maximum,FTE,Started
HM Treasury,Tax,HEO,30000,35000,1,2020-01-06
HM Treasury,Tax,SEO,40000,45000,0.5,2021-03-01
Debt Management Office,Gilts,G7,55000,65000,1,2019-11-11
Cabinet Office,Policy,EO,25000,28000,1,2022-02-02
HM Treasury,Spending,EO,,28000,0.8,
Government Actuary,Pensions,HEO,30000,36000,1,2018-05-05
"""


EVALUATION: dict[str, Any] = {
    "title": "Does a letter raise tax returns?",
    "summary": "A letter that reminds people of their tax return.",
    "types": ["impact"],
    "designs": ["randomised_individual"],
    "topics": ["money"],
    "contact_name": "The evaluation team",
    "contact_email": "evaluation@hm-treasury.example",
    "dates": [
        {"event": "first_data", "on": "2027-03", "kind": "intended"},
        {"event": "end", "on": "2027-12", "kind": "intended"},
        {"event": "publication", "on": "2028-03", "kind": "intended"},
    ],
    "plan": {
        "outcomes": [
            {"id": "returns", "name": "Returns in time", "rank": "primary", "time_frame": "A month"}
        ],
        "population": {"studied": "Everyone who is late", "sample_size": 12000},
    },
}


def drafted_evaluation(cast: Cast, **values: Any) -> Any:
    """Eve drafts an evaluation that Lea is to sign off."""
    from concordat.evaluations import actions

    told = {**EVALUATION, "approver": cast.people["lea"], **values}
    return actions.draft_evaluation(cast.eve, cast.bodies["treasury"], told)


def published_evaluation(cast: Cast, opens_on: date | None = None, **values: Any) -> Any:
    """Eve drafts and submits an evaluation; Lea signs it off and publishes it."""
    from concordat.evaluations import actions

    made = drafted_evaluation(cast, **values)
    actions.perform(cast.eve, made, "submit")
    actions.perform(cast.lea, made, "sign_off")
    return actions.publish_evaluation(cast.lea, made, opens_on=opens_on)


def published_question(cast: Cast, **values: Any) -> Any:
    """Eve asks for the Treasury, and Lea publishes it."""
    from concordat.evaluations import actions

    told = {"text": "Do letters raise tax returns?", **values}
    made = actions.draft_question(cast.eve, cast.bodies["treasury"], told)
    return actions.perform(cast.lea, made, "publish")


def linked_question(cast: Cast, *, confirmed: bool = False) -> Any:
    """Eve proposes that a published evaluation answers a published question; Lea may confirm it."""
    from concordat.evaluations import actions

    asked, answers = published_question(cast), published_evaluation(cast)
    link = actions.propose_link(cast.eve, cast.bodies["treasury"], asked, answers, "answers")
    return actions.perform(cast.lea, link, "confirm") if confirmed else link


def recommended(cast: Cast, of: Any = None, **values: Any) -> Any:
    """Eve adds what an evaluation recommends."""
    from concordat.evaluations import actions

    told = {"text": "Send the letter to everybody who is late.", **values}
    return actions.add_recommendation(cast.eve, of or published_evaluation(cast), told)


@dataclass
class Shared:
    """A dataset with a stored table, and everything up to an agreement in force over it."""

    dataset: Any
    distribution: Any
    table: Any
    request: Any = None
    agreement: Any = None


def published_dataset(cast: Cast, folder: Path, text: str = POSTS) -> Shared:
    """Olive describes a dataset with a stored table; Colin publishes it."""
    from concordat.marketplace import actions
    from concordat.tables.actions import draft_table, load_table

    source = folder / "posts.csv"
    source.write_text(text, encoding="utf-8")
    table = draft_table(cast.olive, cast.bodies["treasury"], "Junior posts", "junior_posts")
    load_table(cast.olive, table, source)
    dataset = actions.draft_dataset(cast.olive, cast.bodies["treasury"], DATASET)
    distribution = actions.add_distribution(
        cast.olive,
        dataset,
        {"identifier": "junior-posts", "title": "Junior posts", "table": table},
    )
    actions.perform(cast.olive, dataset, "submit")
    actions.perform(cast.colin, dataset, "publish")
    return Shared(dataset, distribution, table)


DATASET = {
    "title": "Junior posts in the Treasury group",
    "summary": "Posts below the senior civil service",
    "description": "Every junior post with its grade, pay band and size.",
    "keywords": ["posts", "pay", "organogram"],
    "contact_name": "Workforce team",
    "contact_email": "workforce@treasury.example",
    "modified_on": date(2026, 9, 30),
}


def request_values(shared: Shared, **changes: Any) -> dict[str, Any]:
    """A whole request: two organisations' rows, no pay columns."""
    today = date.today()
    return {
        "distribution": shared.distribution,
        "title": "Workforce planning",
        "purpose": "Compare the size of teams across departments.",
        "benefit": "Better evidence for decisions on where posts are needed.",
        "data_types": ["none"],
        "legal_power": "Common law powers of the Secretary of State",
        "legal_gateway": "none",
        "columns": ["Organisation", "Unit", "Grade", "FTE"],
        "rows": "Organisation in ('HM Treasury', 'Government Actuary')",
        "starts_on": today,
        "ends_on": today + timedelta(days=90),
        "disposal": "Deleted within five days, with a note to the supplier.",
        **changes,
    }


def agreed(cast: Cast, shared: Shared, **changes: Any) -> Shared:
    """Asha asks, Colin accepts, Sal and Bram sign: an agreement in force."""
    from concordat.marketplace import actions

    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], shared.dataset, request_values(shared, **changes)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    agreement = actions.accept_request(cast.colin, request)
    actions.sign(cast.sal, agreement)
    agreement = actions.countersign(cast.bram, agreement)
    return Shared(shared.dataset, shared.distribution, shared.table, request, agreement)


@pytest.fixture
def dataset(cast: Cast, tmp_path: Path) -> Shared:
    """A published dataset with a stored table."""
    return published_dataset(cast, tmp_path)


@pytest.fixture
def agreement(cast: Cast, dataset: Shared) -> Shared:
    """The same, under an agreement in force."""
    return agreed(cast, dataset)
