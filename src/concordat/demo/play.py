"""Playing the world: everything in it is done by the same actions that people use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from concordat.demo.people import CAST, Part
from concordat.demo.world import catalogue, tables
from concordat.demo.world.bodies import bodies
from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation, Parentage
from concordat.kernel.people.lifecycle import PERSON
from concordat.kernel.people.models import Person
from concordat.marketplace import actions
from concordat.marketplace.lifecycle import DATASET
from concordat.marketplace.models import Dataset, Distribution
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import StoredTable

Say = Callable[[str], None]


def make_bodies() -> dict[str, Organisation]:
    """Every body of the world, by slug."""
    plans = bodies()
    rows = [
        Organisation(
            slug=plan.slug,
            name=plan.name,
            abbreviation=plan.abbreviation,
            kind=plan.kind,
            is_government=plan.is_government,
        )
        for plan in plans
    ]
    act_many(SYSTEM, ORGANISATION["draft"], ((row, None) for row in rows))
    made = {row.slug: row for row in rows}
    Parentage.objects.bulk_create(
        Parentage(child=made[p.slug], parent=made[p.parent]) for p in plans if p.parent
    )
    return made


def make_people(made: dict[str, Organisation]) -> dict[str, Person]:
    """The cast, by key, with their roles; and a steward and an approver in every publishing body."""
    people = {part.key: _person(part, made[part.body]) for part in CAST}
    for slug in sorted({plan.owner for plan in catalogue.datasets(0)}):
        for role in ("data_steward", "approver", "signatory"):
            part = Part(
                f"{slug}:{role}",
                f"{role.replace('_', ' ').title()} of {slug}",
                slug,
                "",
                (role,),
                "",
            )
            people[part.key] = _person(part, made[slug])
    return people


def _person(part: Part, body: Organisation) -> Person:
    email = part.email if part.does else f"{part.roles[0].replace('_', '-')}@{part.body}.example"
    name = (
        part.name
        if part.does
        else f"{part.roles[0].replace('_', ' ').capitalize()}, {body.abbreviation or body.name}"
    )
    person = Person(email=email, name=name, owner=body)
    person.set_unusable_password()
    person = act(SYSTEM, PERSON["invite"], person)
    for role in part.roles:
        act(SYSTEM, GRANT["give"], Grant(owner=body, person=person, role=role))
    return person


def make_catalogue(
    made: dict[str, Organisation], people: dict[str, Person], seed: int
) -> dict[str, Dataset]:
    """Sixty datasets and eight data services: published, some in review, some drafts."""
    found = {}
    for number, plan in enumerate(catalogue.datasets(seed)):
        steward = actor_for(people[f"{plan.owner}:data_steward"])
        values = {**plan.values, "dictionary": plan.dictionary}
        dataset = actions.draft_dataset(steward, made[plan.owner], values)
        actions.add_distribution(steward, dataset, _distribution(plan.values["title"]))
        if number % 20 != 19:
            actions.perform(steward, dataset, "submit")
        if number % 20 < 18:
            verb = "publish_to_government" if number % 10 == 7 else "publish"
            actions.perform(actor_for(people[f"{plan.owner}:approver"]), dataset, verb)
        found[dataset.title] = dataset
    for plan in catalogue.services(seed):
        steward = actor_for(people[f"{plan.owner}:data_steward"])
        service = actions.draft_data_service(steward, made[plan.owner], plan.values)
        actions.perform(actor_for(people[f"{plan.owner}:approver"]), service, "publish")
    return found


def _distribution(title: str) -> dict[str, Any]:
    return {
        "identifier": "csv",
        "title": f"{title} (CSV)",
        "format": "CSV",
        "media_type": "text/csv",
    }


def make_table(
    plan: tables.TablePlan,
    made: dict[str, Organisation],
    people: dict[str, Person],
    dataset: Dataset,
    seed: int,
    scale: float,
) -> StoredTable:
    """A stored table with generated rows, listed as a distribution of its dataset."""
    steward = _steward(people, plan.owner)
    table = draft_table(steward, made[plan.owner], plan.title, plan.name)
    with tempfile.TemporaryDirectory() as folder:
        source = tables.write(plan, seed, Path(folder), scale)
        load_table(steward, table, source)
    actions.add_distribution(
        steward,
        dataset,
        {
            "identifier": plan.name,
            "title": f"{plan.title} (stored table)",
            "format": "Delta Sharing",
            "table": table,
        },
    )
    table.refresh_from_db()
    _describe(steward, dataset, table)
    return table


def _describe(steward: Actor, dataset: Dataset, table: StoredTable) -> None:
    """The dictionary says what the stored table holds."""
    columns = table.latest.columns if table.latest else []
    told = [
        {"name": c["name"], "type": c["type"], "description": tables.meaning(c["name"])}
        for c in columns
    ]
    dataset.refresh_from_db()
    verb = actions.edit_dataset if dataset.status == "draft" else actions.amend_dataset
    if dataset.status in ("draft", "published"):
        verb(steward, dataset, {"dictionary": told})


def _steward(people: dict[str, Person], owner: str) -> Actor:
    return actor_for(people.get(f"{owner}:data_steward") or people["steward"])


def make_requests(
    made: dict[str, Organisation], people: dict[str, Person], datasets: dict[str, Dataset]
) -> Iterator[str]:
    """A request in every state, and agreements that are live, expired and revoked."""
    analyst = actor_for(people["analyst"])
    acquirer = made["department-for-work-pensions"]
    ends = (
        "draft",
        "submitted",
        "in_review",
        "returned",
        "rejected",
        "cancelled",
        "accepted",
        "declined",
        "half_signed",
        "in_force",
        "expired",
        "revoked",
    )
    stored = (
        Distribution.objects.filter(table__isnull=False, status="listed")
        .exclude(dataset__owner=acquirer)
        .select_related("dataset__owner", "table__latest")
    )
    choices = [d for d in stored.order_by("id") if d.dataset.status == "published"]
    for number, end in enumerate(ends):
        chosen = choices[number % len(choices)]
        _play(analyst, acquirer, chosen, people, end)
        yield end


def _play(
    analyst: Actor,
    acquirer: Organisation,
    chosen: Distribution,
    people: dict[str, Person],
    end: str,
) -> None:
    dataset, owner = chosen.dataset, chosen.dataset.owner.slug
    steward, approver = _steward(people, owner), _holder(people, owner, "approver")
    values = _request(chosen, expired=end == "expired")
    request = actions.draft_request(analyst, acquirer, dataset, values)
    for status, actor, verb, note in (
        ("draft", analyst, "submit", ""),
        ("submitted", steward, "review", ""),
        ("in_review", None, "", ""),
    ):
        if status == end:
            return
        if actor is not None:
            actions.perform(actor, request, verb, note=note)
    if end in ("returned", "rejected"):
        verb = {"returned": "return", "rejected": "reject"}[end]
        actor = steward if end == "returned" else approver
        actions.perform(actor, request, verb, note="Please say why each column is needed.")
    elif end == "cancelled":
        actions.perform(analyst, request, "cancel", note="We found it elsewhere.")
    else:
        _agree(actions.accept_request(approver, request), people, owner, end)


def _agree(agreement: Any, people: dict[str, Person], owner: str, end: str) -> None:
    if end == "accepted":
        return
    if end == "declined":
        signatory = _holder(people, owner, "signatory")
        actions.perform(signatory, agreement, "decline", note="The table is about to be replaced.")
        return
    actions.sign(_holder(people, owner, "signatory"), agreement)
    if end == "half_signed":
        return
    actions.countersign(actor_for(people["acquirer_signatory"]), agreement)
    if end == "revoked":
        approver = _holder(people, owner, "approver")
        actions.perform(approver, agreement, "revoke", note="The purpose has changed.")
    if end == "expired":
        actions.expire_agreements(SYSTEM, timezone.localdate() + timedelta(days=2))


def _holder(people: dict[str, Person], owner: str, role: str) -> Actor:
    key = f"{owner}:{role}"
    own = {"approver": "approver", "signatory": "supplier_signatory"}[role]
    return actor_for(people.get(key) or people[own])


def _request(chosen: Distribution, *, expired: bool) -> dict[str, Any]:
    table = chosen.table
    assert table is not None and table.latest is not None  # chosen because it has one
    today = timezone.localdate()
    columns = [column["name"] for column in table.latest.columns]
    return {
        "distribution": chosen,
        "title": f"{chosen.dataset.title}: who is reached",
        "purpose": "Compare what services record with what surveys say, area by area.",
        "benefit": "Support goes where it is missing.",
        "data_types": ["none"],
        "legal_power": "Common law powers of the Secretary of State",
        "legal_gateway": "none",
        "columns": columns[: max(2, len(columns) - 2)],
        "rows": "",
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=1 if expired else 180),
        "disposal": "Deleted within five working days, with a note to the supplier.",
    }


def make_many(made: dict[str, Organisation], count: int, seed: int, say: Say) -> int:
    """A large catalogue for load work, harvested by the system in batches."""

    there = set(Dataset.objects.filter(source="scale").values_list("source_id", flat=True))

    def pairs() -> Iterator[tuple[Dataset, dict[str, Any]]]:
        for number, plan in enumerate(catalogue.many(seed, count)):
            if str(number) in there:
                continue  # made by an earlier run, which this one goes on from
            owner = made[plan.owner]
            values = {**plan.values, "source": "scale", "source_id": str(number)}
            yield Dataset(owner=owner), values
            if number % 1000 == 0:
                say(f"{number:,} of {count:,} datasets")

    return act_many(SYSTEM, DATASET["harvest"], pairs())
