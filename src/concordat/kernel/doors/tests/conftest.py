"""The cast: Alice edits papers for one body, Bob works for another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from concordat.kernel.access import Actor, roles
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.doors.tests import paper
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person


@pytest.fixture(scope="session")
def _papers(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The table of a model that has no migration."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(paper.Paper)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(paper.Paper)


@pytest.fixture
def bodies(db: None, _papers: None, monkeypatch: pytest.MonkeyPatch) -> list[Organisation]:
    for role, held in paper.ROLE.items():
        monkeypatch.setitem(roles._roles, role, held)
    names = ("Ministry of Paper", "Office of Ink")
    return [
        Organisation.objects.create(name=name, slug=name.lower().replace(" ", "-"), status="active")
        for name in names
    ]


@pytest.fixture
def alice(bodies: list[Organisation]) -> Person:
    person = Person.objects.create(
        email="alice@paper.example", name="Alice Ames", owner=bodies[0], status="active"
    )
    Grant.objects.create(owner=bodies[0], person=person, role="paper_editor", status="active")
    return person


@pytest.fixture
def bob(bodies: list[Organisation]) -> Person:
    return Person.objects.create(
        email="bob@ink.example", name="Bob Bell", owner=bodies[1], status="active"
    )


@pytest.fixture
def actor(alice: Person) -> Actor:
    return actor_for(alice)


@pytest.fixture
def web(alice: Person) -> Client:
    client = Client()
    client.force_login(alice)
    return client
