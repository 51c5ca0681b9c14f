"""The web, the API and the console are the same verbs, made from the same tables."""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.console.operations import operations
from concordat.kernel.access import PUBLIC
from concordat.kernel.administration import actions
from concordat.kernel.publication.models import subject_kinds
from concordat.site.api import api
from tests.cast import ROLES
from tests.script import Script, script

# Verbs that have their own door, and which.
ELSEWHERE = {
    "upload": "sent with the verb that needs it: load_table",
    "table_version": "the data plane: one load of a table",
    "preference": "one for each person: draft and edit are one operation",
}
# What another body's people may not know of: (plural, who administers it there).
PRIVATE = ("people", "grants", "clients", "tokens", "jobs", "notices")


@pytest.fixture(scope="module")
def described():
    return api.get_openapi_schema()


def named(described):
    return [o["operationId"] for path in described["paths"].values() for o in path.values()]


@pytest.mark.parametrize("kind", sorted(set(subject_kinds()) - set(ELSEWHERE)))
def test_every_verb_that_people_have_is_an_operation(described, kind):
    there = set(named(described))
    for transition in subject_kinds()[kind].LIFECYCLE.transitions:
        if not transition.hidden:
            assert f"{transition.verb}_{kind}" in there


def test_the_console_reaches_every_operation_by_a_noun_and_a_verb_of_its_own(described):
    found = operations(described)
    assert len(found) == len(named(described))
    assert all(noun and verb and "_" not in noun + verb for noun, verb in found)
    for wanted in (
        ("person", "invite"),
        ("tokens", "list"),
        ("me", "get"),
        ("search", "list"),
        ("dataset", "publish-to-government"),
    ):
        assert wanted in found


@pytest.fixture
def rooms(cast):
    """One of each thing that the Treasury administers, made by Ada."""
    _, client = actions.draft_client(cast.ada, cast.bodies["treasury"], "nightly", ["read"])
    return {"people": cast.people["olive"], "clients": client}


@pytest.mark.parametrize("who", [*ROLES, "public"])
def test_who_sees_a_bodys_own_side_is_what_the_oracle_says(cast, rooms, who):
    actor = PUBLIC if who == "public" else getattr(cast, who)
    reader = Script() if who == "public" else script(actor)
    for plural, subject in rooms.items():
        answer = reader.get(f"/{plural}/{subject.pk}")
        itself = (actor.kind, actor.id) == (subject.KIND, subject.pk)
        expected = 401 if who == "public" else 200 if who == "ada" or itself else 404
        assert answer.status_code == expected, (who, plural)
        listed = reader.get(f"/{plural}")
        if expected != 401:
            ids = {item["id"] for item in listed.json()["items"]}
            assert (subject.pk in ids) == (expected == 200), (who, plural)


@pytest.mark.parametrize("who", [name for name in ROLES if name != "ada"])
def test_who_does_what_to_a_bodys_own_side_is_what_the_oracle_says(cast, rooms, who):
    sender = script(getattr(cast, who))
    for plural, subject in rooms.items():
        for transition in subject.LIFECYCLE.transitions:
            if transition.makes:
                continue
            path = f"/{plural}/{subject.pk}"
            edits = transition.verb == "edit"
            send = sender.patch if edits else sender.post
            verb = transition.verb.replace("_", "-")
            answer = send(path if edits else f"{path}/{verb}", {})
            may_see = plural == "people" and who == "olive"
            expected = {200 if edits else 403} if may_see else {404}
            assert answer.status_code in expected, (who, plural, transition.verb)


@pytest.mark.parametrize("plural", PRIVATE)
def test_the_public_is_asked_who_it_is(db, plural):
    assert Client().get(f"/api/v1/{plural}").status_code == 401
