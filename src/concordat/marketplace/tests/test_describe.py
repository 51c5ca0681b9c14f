"""Describing data: the dictionary, the distributions and data services, on pages and by the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.kernel.refusals import Invalid
from concordat.marketplace import actions, queries
from concordat.marketplace.models import DataService
from tests.cast import DATASET
from tests.script import script


@pytest.fixture
def page(cast):
    client = Client()
    client.force_login(cast.people["olive"])
    return client


def bearer(cast, name="olive"):
    secret, _ = issue_token(
        getattr(cast, name), "script", ["read", "write"], timezone.now() + timedelta(days=1)
    )
    return {"Authorization": f"Bearer {secret}"}


def columns(*rows, version):
    sent = {"columns-TOTAL_FORMS": len(rows), "columns-INITIAL_FORMS": 0, "version": version}
    for number, row in enumerate(rows):
        sent |= {f"columns-{number}-{name}": value for name, value in row.items()}
    return sent


def test_the_dictionary_begins_with_the_stored_columns_and_keeps_what_is_said_of_them(
    page, dataset
):
    address = f"{dataset.dataset.inside_url()}/dictionary"
    shown = page.get(f"{address}?from=table").content.decode()
    assert 'value="Pay minimum"' in shown
    dataset.dataset.refresh_from_db()
    sent = columns(
        {"name": "Grade", "type": "text", "description": "Civil service grade"},
        {"name": "", "description": "left without a name"},
        version=dataset.dataset.version,
    )
    assert page.post(address, sent).status_code == 302
    dataset.dataset.refresh_from_db()
    told = {"name": "Grade", "type": "text", "description": "Civil service grade"}
    assert dataset.dataset.dictionary == [told]
    public = Client().get(dataset.dataset.get_absolute_url()).content.decode()
    assert "Civil service grade" in public


def test_a_name_given_twice_is_said_and_nothing_is_kept(page, dataset):
    sent = columns({"name": "Grade"}, {"name": "grade"}, version=dataset.dataset.version)
    answer = page.post(f"{dataset.dataset.inside_url()}/dictionary", sent)
    assert answer.status_code == 422
    assert "repeats the name" in answer.content.decode()
    dataset.dataset.refresh_from_db()
    assert dataset.dataset.dictionary == []


def test_two_stewards_with_one_form_open_do_not_overwrite_each_other(page, dataset):
    address = f"{dataset.dataset.inside_url()}/dictionary"
    dataset.dataset.refresh_from_db()
    seen = dataset.dataset.version
    assert page.post(address, columns({"name": "Grade"}, version=seen)).status_code == 302
    late = page.post(address, columns({"name": "Unit"}, version=seen))
    assert late.status_code == 409
    dataset.dataset.refresh_from_db()
    assert [column["name"] for column in dataset.dataset.dictionary] == ["Grade"]


def test_a_distribution_is_changed_and_removed_and_the_public_page_follows(cast, page, dataset):
    listed = queries.distributions(cast.olive, dataset.dataset).get()
    address = f"{dataset.dataset.inside_url()}/distributions/{listed.pk}"
    sent = {
        "title": "Posts, one row each",
        "identifier": "posts",
        "media_type": "text/csv",
        "licence": "OGL-UK-3.0",
        "format": "CSV",
    }
    assert page.post(address, sent).status_code == 302
    assert (
        "Posts, one row each" in Client().get(dataset.dataset.get_absolute_url()).content.decode()
    )
    assert page.post(f"{address}/remove").status_code == 302
    assert (
        "Posts, one row each"
        not in Client().get(dataset.dataset.get_absolute_url()).content.decode()
    )


def test_another_body_may_neither_describe_nor_list(cast, dataset):
    client = Client()
    client.force_login(cast.people["erin"])
    for end in ("dictionary", "distributions/new"):
        assert client.get(f"{dataset.dataset.inside_url()}/{end}").status_code == 403


def test_a_script_describes_lists_and_removes_as_a_person_does(cast, dataset):
    reference = dataset.dataset.reference
    told = [{"name": "Grade", "description": "Civil service grade", "codes": ["EO", "HEO"]}]
    answer = Client().post(
        f"/api/v1/datasets/{reference}/amend",
        {"dictionary": told},
        content_type="application/json",
        headers=bearer(cast),
    )
    assert answer.json()["dictionary"] == told
    made = Client().post(
        "/api/v1/distributions",
        {"dataset": reference, "identifier": "two", "title": "Two", "media_type": "text/csv"},
        content_type="application/json",
        headers=bearer(cast),
    )
    assert made.status_code == 201, made.content
    where = made["Location"]
    assert Client().get(where).json()["dataset"] == reference
    listed = Client().get(f"/api/v1/distributions?dataset={reference}").json()["items"]
    assert len(listed) == 2
    assert Client().post(f"{where}/remove", headers=bearer(cast, "erin")).status_code == 403
    assert Client().post(f"{where}/remove", headers=bearer(cast)).status_code == 200
    assert Client().get(where).status_code == 404


def test_a_script_empties_what_may_be_empty_and_nothing_else(cast, dataset):
    olive, asha = script(cast.olive), script(cast.asha)
    address = f"/datasets/{dataset.dataset.reference}"
    assert olive.post(f"{address}/amend", {"issued_on": "2020-01-01"}).json()["issued_on"]
    after = olive.post(f"{address}/amend", {"issued_on": None, "dictionary": None})
    assert (after.status_code, after.json()["issued_on"]) == (200, None)
    assert olive.post(f"{address}/amend", {"title": None}).status_code == 422
    asked = {"acquirer": "pensions", "dataset": dataset.dataset.reference, "ends_on": "2030-01-01"}
    draft = asha.post("/share-requests", asked).json()
    emptied = asha.patch(f"/share-requests/{draft['reference']}", {"ends_on": None})
    assert (emptied.status_code, emptied.json()["ends_on"]) == (200, None)


def test_a_data_service_is_drafted_on_a_page_changed_and_published_by_somebody_else(cast, page):
    sent = {
        "owner": cast.bodies["treasury"].pk,
        "title": "Posts API",
        "description": "Posts, one at a time.",
        "contact_name": "Workforce team",
        "contact_email": "workforce@treasury.example",
        "release": "v1.0",
        "modified_on": "2026-09-30",
        "endpoint_description": "https://treasury.example/docs",
        "service_type": "REST",
        "service_status": "LIVE",
        "licence": "OGL-UK-3.0",
        "access_rights": "OPEN",
        "security_classification": "OFFICIAL",
    }
    assert page.post("/inside/data-services/new", sent).status_code == 302
    made = DataService.objects.get()
    shown = actions.draft_dataset(cast.olive, cast.bodies["treasury"], DATASET)
    changed = {**sent, "title": "Posts service", "version": made.version}
    wrong = page.post(f"{made.inside_url()}/description", {**changed, "serves": "DS-0000-00"})
    assert wrong.status_code == 422 and "There is no dataset DS-0000-00" in wrong.content.decode()
    changed["serves"] = shown.reference
    assert page.post(f"{made.inside_url()}/description", changed).status_code == 302
    assert shown.title in page.get(made.inside_url()).content.decode()
    colin = Client()
    colin.force_login(cast.people["colin"])
    assert colin.post(f"{made.inside_url()}/publish", {}).status_code == 302
    assert "Posts service" in Client().get(made.get_absolute_url()).content.decode()


def test_a_service_names_the_datasets_it_gives_and_each_reader_sees_those_they_may(cast, dataset):
    """By reference, through the API: a draft of another body is as unknown as one that is not."""
    shown = dataset.dataset.reference
    hidden = actions.draft_dataset(cast.olive, cast.bodies["treasury"], {**DATASET, "title": "B"})
    body = {
        "owner": cast.bodies["treasury"].slug,
        "title": "Posts API",
        "description": "Posts, one at a time.",
        "contact_name": "Workforce team",
        "contact_email": "workforce@treasury.example",
        "modified_on": "2026-09-30",
        "endpoint_description": "https://treasury.example/docs",
        "serves": [shown, "DS-0000-00"],
    }
    api = {"content_type": "application/json", "headers": bearer(cast)}
    refused = Client().post("/api/v1/data-services", body, **api)
    assert refused.status_code == 404 and "DS-0000-00" in refused.content.decode()
    body["serves"] = [shown, hidden.reference]
    made = Client().post("/api/v1/data-services", body, **api)
    assert made.status_code == 201, made.content
    assert sorted(made.json()["serves"]) == sorted([shown, hidden.reference])
    kept = Client().patch(made["Location"], {"title": "Posts service"}, **api).json()
    assert len(kept.get("serves", [])) == 2, kept
    service = DataService.objects.get()
    actions.perform(cast.colin, service, "publish")
    assert Client().get(made["Location"]).json()["serves"] == [shown]
    page = Client().get(service.get_absolute_url()).content.decode()
    assert dataset.dataset.title in page and hidden.reference not in page


def test_who_created_it_is_said_on_the_page_and_by_the_api(cast, page, dataset):
    found = dataset.dataset
    olive = script(cast.olive)
    path = f"/datasets/{found.reference}"
    assert [body["slug"] for body in olive.get(path).json()["creators"]] == ["treasury"]
    sent = {"creators": ["pensions", "treasury"], "note": "Two made it."}
    assert olive.post(f"{path}/amend", sent).status_code == 200
    public = Client().get(found.get_absolute_url()).content.decode()
    assert "Department for Work and Pensions, HM Treasury" in public
    assert olive.post(f"{path}/amend", {"creators": ["nobody"]}).status_code == 404
    form = page.get(f"{found.inside_url()}/description").content.decode()
    assert "pensions\ntreasury" in form
    assert olive.post(f"{path}/amend", {"creators": []}).status_code == 422


def test_what_is_published_is_never_left_without_a_creator(cast, dataset):
    with pytest.raises(Invalid) as refusal:
        actions.amend_dataset(cast.olive, dataset.dataset, {"creators": []})
    assert set(refusal.value.errors) == {"creators"}
    assert dataset.dataset.creators.exists()
