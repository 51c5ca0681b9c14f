"""People, roles and API clients by the API: each body's own, and no further."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration import actions
from concordat.kernel.people.models import Client, Person
from concordat.kernel.people.tokens import digest
from concordat.kernel.refusals import NotAllowed
from tests.script import Script, script


def person(cast, name):
    return f"/people/{cast.people[name].pk}"


def test_somebody_is_invited_by_a_script_once_however_often_it_sends(cast):
    ada = script(cast.ada)
    body = {"owner": "treasury", "email": "New@treasury.example", "name": "Nell  New"}
    made = ada.post("/people", body, Idempotency_Key="invite-nell")
    again = ada.post("/people", body, Idempotency_Key="invite-nell")
    assert (made.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert made.json() == again.json()
    assert (made.json()["email"], made.json()["name"]) == ("new@treasury.example", "Nell New")
    assert made.headers["Location"] == f"/api/v1/people/{made.json()['id']}"
    assert Person.objects.get_queryset().filter(email="new@treasury.example").count() == 1


def test_nobody_is_invited_into_another_body(cast):
    body = {"owner": "pensions", "email": "x@y.example", "name": "X"}
    assert script(cast.ada).post("/people", body).status_code == 403
    assert script(cast.noor).post("/people", {**body, "owner": "treasury"}).status_code == 403
    assert Script().post("/people", body).status_code == 401


def test_people_of_another_body_are_not_known_and_not_counted(cast):
    ada = script(cast.ada)
    assert ada.get(person(cast, "asha")).status_code == 404
    assert ada.post(f"{person(cast, 'asha')}/close").status_code == 404
    seen = {item["name"] for item in ada.get("/people").json()["items"]}
    assert seen == {"Olive", "Colin", "Sal", "Eve", "Lea", "Ada", "Noor"}
    assert [p["name"] for p in script(cast.noor).get("/people").json()["items"]] == ["Noor"]


def test_one_changes_ones_own_name_and_nobody_elses(cast):
    olive = script(cast.olive)
    before = olive.get(person(cast, "olive"))
    body = {"job_title": "Head of data"}
    after = olive.patch(person(cast, "olive"), body, If_Match=before.headers["ETag"])
    assert after.json()["job_title"] == "Head of data"
    stale = olive.patch(person(cast, "olive"), body, If_Match=before.headers["ETag"])
    assert stale.status_code in (409, 412)
    assert script(cast.ada).patch(person(cast, "olive"), {"name": "Oliver"}).status_code == 403
    assert olive.patch(person(cast, "olive"), {"email": "o@x.example"}).status_code == 422


def test_a_closed_account_stops_its_tokens_and_opens_again(cast):
    olive, ada = script(cast.olive), script(cast.ada)
    closed = ada.post(f"{person(cast, 'olive')}/close", {"note": "Left."})
    assert (closed.json()["status"], closed.json()["can"]) == ("closed", ["reopen"])
    assert olive.get("/me").status_code == 401
    assert ada.post(f"{person(cast, 'olive')}/close").status_code == 409
    assert ada.post(f"{person(cast, 'olive')}/reopen").json()["status"] == "active"
    assert olive.get("/me").status_code == 200


def test_a_role_is_given_and_taken_back_in_ones_own_body_only(cast):
    ada = script(cast.ada)
    body = {"owner": "treasury", "role": "analyst", "kind": "person", "id": cast.people["noor"].pk}
    made = ada.post("/grants", body)
    assert (made.status_code, made.json()["holder"]) == (201, "Noor")
    assert ada.post("/grants", {**body, "owner": "pensions"}).status_code == 403
    assert ada.post("/grants", {**body, "id": cast.people["asha"].pk}).status_code == 404
    assert ada.post("/grants", {**body, "role": "emperor"}).status_code == 404
    assert ada.post("/grants", {"owner": "treasury", "role": "analyst"}).status_code == 422
    path = f"/grants/{made.json()['id']}/revoke"
    assert script(cast.noor).post(path).status_code == 403
    assert script(cast.erin).post(path).status_code == 404
    assert ada.post(path).json()["status"] == "revoked"


def test_a_bodys_administrator_neither_gives_nor_takes_the_roles_of_the_platform(cast):
    cabinet = cast.bodies["cabinet"]
    actions.give_role(SYSTEM, cabinet, cast.people["pat"], "administrator")
    chief = actions.invite_person(cast.pat, cabinet, "chief@cabinet.example", "Chief")
    actions.give_role(cast.pat, cabinet, chief, "administrator")
    cast.people["chief"] = chief
    body = {"owner": "cabinet", "role": "platform_administrator", "kind": "person", "id": chief.pk}
    assert script(cast.chief).post("/grants", body).status_code == 403
    held = Grant.objects.get(person=cast.people["pat"], role="platform_administrator")
    assert script(cast.chief).post(f"/grants/{held.pk}/revoke").status_code == 403
    assert script(cast.pat).post("/grants", body).status_code == 201


def test_a_clients_secret_is_shown_once_and_kept_nowhere(cast):
    ada = script(cast.ada)
    body = {"owner": "treasury", "name": "nightly", "scopes": ["read"]}
    made = ada.post("/clients", body, Idempotency_Key="nightly")
    secret, path = made.json()["secret"], f"/clients/{made.json()['id']}"
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert Client.objects.get().secret_digest == digest(secret)
    assert "secret" not in ada.get(path).json()
    again = ada.post("/clients", body, Idempotency_Key="nightly")
    assert (again.status_code, secret in again.content.decode()) == (409, False)
    assert Client.objects.count() == 1
    newer = ada.post(f"{path}/renew")
    assert newer.headers["Cache-Control"] == "no-store"
    assert Client.objects.get().secret_digest == digest(newer.json()["secret"]) != digest(secret)


def test_a_client_gets_a_role_is_edited_and_is_closed(cast):
    ada = script(cast.ada)
    body = {"owner": "treasury", "name": "nightly", "scopes": ["read"]}
    pk = ada.post("/clients", body).json()["id"]
    given = ada.post(
        "/grants", {"owner": "treasury", "role": "analyst", "kind": "client", "id": pk}
    )
    assert (given.json()["holder"], given.json()["client_id"]) == ("nightly", pk)
    edited = ada.patch(f"/clients/{pk}", {"name": "weekly", "scopes": ["write", "read"]})
    assert (edited.json()["name"], edited.json()["scopes"]) == ("weekly", ["read", "write"])
    assert ada.patch(f"/clients/{pk}", {"days": 9999}).status_code == 422
    assert (
        ada.patch(f"/clients/{pk}", {"days": 9}).json()["expires_at"] > edited.json()["modified_at"]
    )
    assert script(cast.erin).get(f"/clients/{pk}").status_code == 404
    assert script(cast.olive).get("/clients").json()["items"] == []
    assert ada.post(f"/clients/{pk}/close").json()["status"] == "closed"
    assert ada.patch(f"/clients/{pk}", {"name": "again"}).status_code == 409


def test_a_token_that_may_only_read_changes_nothing_and_one_that_may_not_reads_nothing(cast):
    body = {"owner": "treasury", "email": "x@treasury.example", "name": "X"}
    assert script(cast.ada, "read", "write").post("/people", body).status_code == 403
    for path in ("/people", "/tokens", "/jobs", "/notices", "/grants", "/clients"):
        assert script(cast.ada, "deliver").get(path).status_code == 403, path


def test_anyone_reads_which_roles_and_permissions_there_are(cast):
    roles = {role["role"]: role for role in Script().get("/roles").json()["items"]}
    assert roles["platform_administrator"]["platform"]
    assert "person:invite" in roles["administrator"]["permissions"]
    found = {p["permission"]: p for p in Script().get("/permissions").json()["items"]}
    assert found["person:invite"]["scope"] == "admin"
    assert "administrator" in found["person:invite"]["roles"]


def signed_in(cast, name):
    browser = Browser()
    browser.force_login(cast.people[name])
    return browser


def by_address(email, role="analyst", owner="treasury"):
    return {"owner": owner, "role": role, "kind": "person", "email": email}


def test_a_role_is_given_to_somebody_of_another_body_by_their_address(cast):
    ada = script(cast.ada)
    given = ada.post("/grants", by_address("Asha@Pensions.example"))
    assert (given.status_code, given.json()["holder"]) == (201, "Asha")
    assert cast.bodies["treasury"].pk in cast.asha.bodies("share_request:draft")
    assert ada.get(f"/people/{cast.people['asha'].pk}").status_code == 404, "and no more is shown"


def test_an_address_is_looked_up_only_for_who_may_give_roles_there(cast):
    for known in ("asha@pensions.example", "nobody@pensions.example"):
        assert script(cast.olive).post("/grants", by_address(known)).status_code == 403
        answer = script(cast.ada).post("/grants", by_address(known, owner="pensions"))
        assert answer.status_code == 403
    for unknown in ("nobody@pensions.example", "asha@pensions"):
        assert script(cast.ada).post("/grants", by_address(unknown)).status_code == 404
    closed = actions.close_person(SYSTEM, cast.people["asha"])
    assert script(cast.ada).post("/grants", by_address(closed.email)).status_code == 404


def test_an_address_gives_no_role_that_an_id_would_not(cast):
    ada = script(cast.ada)
    assert ada.post("/grants", by_address("ada@treasury.example")).status_code == 403
    reaching = by_address("asha@pensions.example", "platform_administrator")
    assert ada.post("/grants", reaching).status_code == 403
    neither = {"owner": "treasury", "role": "analyst", "kind": "person"}
    assert ada.post("/grants", neither).status_code == 404


def test_the_page_gives_a_role_by_address_lists_it_and_takes_it_back(cast):
    page = signed_in(cast, "ada")
    sent = {
        "email": "asha@pensions.example",
        "owner": cast.bodies["treasury"].pk,
        "role": "analyst",
    }
    wrong = page.post("/inside/admin/roles/new", {**sent, "email": "nobody@pensions.example"})
    assert wrong.status_code == 422 and b"exactly this address" in wrong.content
    assert page.post("/inside/admin/roles/new", sent).url == "/inside/admin/roles"
    listed = page.get("/inside/admin/roles").content.decode()
    assert "Asha" in listed and "Department for Work and Pensions" in listed
    pk = Grant.objects.get(person=cast.people["asha"], owner=cast.bodies["treasury"]).pk
    assert page.post(f"/inside/admin/roles/{pk}/revoke").url == "/inside/admin/roles"
    assert "Asha" not in page.get("/inside/admin/roles").content.decode()
    assert signed_in(cast, "olive").get("/inside/admin/roles/new").status_code == 403


def test_nobody_lifts_themselves_through_an_api_client(cast):
    _, client = actions.draft_client(cast.ada, cast.bodies["treasury"], "puppet", ["admin"])
    actions.give_role(cast.ada, cast.bodies["treasury"], client, "administrator")
    with pytest.raises(NotAllowed, match="by people"):
        actions.give_role(
            actor_for(client), cast.bodies["treasury"], cast.people["ada"], "approver"
        )
