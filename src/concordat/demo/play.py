"""Playing the world: everything in it is done by the same actions that people use."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from concordat.demo.people import CAST, Part
from concordat.demo.world import catalogue, evaluations, tables
from concordat.demo.world.bodies import bodies
from concordat.demo.world.names import names
from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.lifecycle import PERSON
from concordat.kernel.people.models import Person
from concordat.marketplace import actions
from concordat.marketplace.models import DataService, Dataset, Distribution
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import StoredTable

Say = Callable[[str], None]
_ROLES = ("data_steward", "approver", "signatory", "analyst")


@dataclass
class World:
    """What has been made so far. People are known as `body:role`, datasets by title."""

    seed: int
    bodies: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    distributions: dict[str, Distribution] = field(default_factory=dict)  # by the table's name

    def actor(self, body: str, role: str) -> Actor:
        """Who has that role there, as they are now."""
        return actor_for(self.people[f"{body}:{role}"])


def make_bodies(world: World) -> None:
    """Every body of the world, each after the one that it is part of."""
    plans = bodies()
    for children in (False, True):
        pairs = []
        for plan in plans:
            if bool(plan.parent) is children:
                row = Organisation(
                    slug=plan.slug,
                    name=plan.name,
                    abbreviation=plan.abbreviation,
                    kind=plan.kind,
                    is_government=plan.is_government,
                )
                parents = [world.bodies[plan.parent]] if plan.parent else []
                pairs.append((row, {"parents": parents}))
        act_many(SYSTEM, ORGANISATION["draft"], pairs)
        world.bodies |= {row.slug: row for row, _ in pairs}


def make_people(world: World) -> int:
    """The cast, and colleagues wherever somebody publishes or asks; returns how many."""
    for part in CAST:
        _add(world, part, part.roles)
    unused = names(world.seed, {part.name for part in CAST})
    evaluating = sorted({plan.body for plan in evaluations.EVALUATIONS})
    places = sorted({plan.owner for plan in catalogue.datasets(world.seed)})
    for slug in [*places, "university-of-northbridge"]:
        for role in _ROLES if slug in places else ("signatory",):
            if f"{slug}:{role}" not in world.people:
                _add(world, Part(f"{slug}:{role}", next(unused), slug, "", (role,), ""), (role,))
    for slug in evaluating:
        for role in ("evaluator", "evaluation_lead"):
            if f"{slug}:{role}" not in world.people:
                _add(world, Part(f"{slug}:{role}", next(unused), slug, "", (role,), ""), (role,))
    return len({person.pk for person in world.people.values()})


def _add(world: World, part: Part, roles: tuple[str, ...]) -> None:
    body = world.bodies[part.body]
    person = Person(email=part.email, name=part.name, owner=body)
    person.set_unusable_password()
    person = act(SYSTEM, PERSON["invite"], person)
    for role in roles:
        act(SYSTEM, GRANT["give"], Grant(owner=body, person=person, role=role))
        world.people.setdefault(f"{part.body}:{role}", person)


def make_catalogue(world: World) -> None:
    """The drafts of sixty datasets, each with the forms in which it can be had."""
    same_theme: dict[str, list[str]] = {}
    for plan in catalogue.datasets(world.seed):
        steward = world.actor(plan.owner, "data_steward")
        akin = same_theme.setdefault(plan.values["themes"][0], [])
        values = {**plan.values, "related": akin[-2:]}
        dataset = actions.draft_dataset(steward, world.bodies[plan.owner], values)
        for listed in plan.distributions:
            actions.add_distribution(steward, dataset, listed)
        akin.append(dataset.reference)
        world.datasets[plan.title] = dataset


def make_tables(world: World, scale: float) -> Iterator[StoredTable]:
    """Ten stored tables with generated rows, each one more distribution of its dataset."""
    for plan in tables.PLANS:
        steward, dataset = world.actor(plan.owner, "data_steward"), world.datasets[plan.dataset]
        table = draft_table(steward, world.bodies[plan.owner], plan.title, plan.name)
        with tempfile.TemporaryDirectory() as folder:
            load_table(steward, table, tables.write(plan, world.seed, Path(folder), scale))
        table.refresh_from_db()
        values = {
            "identifier": plan.name,
            "title": f"{plan.title} (stored table)",
            "description": "Delivered under an agreement, no column or row beyond its terms.",
            "format": "Delta Sharing",
            "media_type": "application/vnd.apache.parquet",
            "licence": dataset.licence,
            "issued_on": dataset.issued_on,
            "modified_on": dataset.modified_on,
            "table": table,
        }
        world.distributions[plan.name] = actions.add_distribution(steward, dataset, values)
        actions.edit_dataset(steward, dataset, {"dictionary": _dictionary(plan, table)})
        yield table


def load_anew(world: World, scale: float) -> None:
    """A later version of the payments, so that a share with history has some."""
    plan = next(plan for plan in tables.PLANS if plan.name == "spending")
    table = world.distributions[plan.name].table
    assert table is not None  # made before
    table.refresh_from_db()
    with tempfile.TemporaryDirectory() as folder:
        source = tables.write(plan, world.seed + 1, Path(folder), scale)
        load_table(world.actor(plan.owner, "data_steward"), table, source)


def _dictionary(plan: tables.TablePlan, table: StoredTable) -> list[dict[str, str]]:
    """What the stored table holds: its own names and types, with their meaning."""
    columns = table.latest.columns if table.latest else []
    return [
        {"name": c["name"], "type": c["type"], "description": plan.meanings.get(c["name"], "")}
        for c in columns
    ]


def publish_datasets(world: World) -> None:
    """Everything that is published, or was before it was withdrawn."""
    for plan in catalogue.datasets(world.seed):
        if plan.end in ("published", "government", "withdrawn"):
            dataset = world.datasets[plan.title]
            actions.perform(world.actor(plan.owner, "data_steward"), dataset, "submit")
            verb = "publish_to_government" if plan.end == "government" else "publish"
            actions.perform(world.actor(plan.owner, "approver"), dataset, verb)


def make_services(world: World) -> dict[str, DataService]:
    """Eight data services, by title, with the datasets that they serve."""
    found = {}
    for plan in catalogue.services(world.seed):
        steward = world.actor(plan.owner, "data_steward")
        values: dict[str, Any] = dict(plan.values)
        values["serves"] = [world.datasets[title] for title in plan.serves]
        service = actions.draft_data_service(steward, world.bodies[plan.owner], values)
        if plan.end != "draft":
            actions.perform(world.actor(plan.owner, "approver"), service, "publish")
        found[service.title] = service
    return found
