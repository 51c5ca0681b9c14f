"""A file sent through each door becomes the next version of a table, as a job one can follow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from concordat.kernel.access.models import Grant
from concordat.kernel.administration.actions import issue_token, revoke_role
from concordat.kernel.files.models import Upload
from concordat.kernel.jobs import run_until_idle
from concordat.kernel.jobs.models import Job
from concordat.tables import queries
from concordat.tables.actions import draft_table

ROWS = b"area,count\nE1,10\nE2,20\nE3,30\nE4,many\n"


@pytest.fixture
def page(cast):
    client = Client()
    client.force_login(cast.people["olive"])
    return client


@pytest.fixture
def table(cast):
    return draft_table(cast.olive, cast.bodies["treasury"], "Areas", "areas")


def api(cast, name="olive"):
    secret, _ = issue_token(
        getattr(cast, name), "script", ["read", "write"], timezone.now() + timedelta(days=1)
    )
    return {"Authorization": f"Bearer {secret}"}


def sent(content=ROWS, name="areas.csv"):
    return SimpleUploadedFile(name, content, content_type="text/csv")


def load(page, table, file):
    """Send a file on the page of a table, look at it, and load it as it is read."""
    answer = page.post(f"{table.inside_url()}/load", {"file": file})
    return page.post(answer["Location"])


def test_a_steward_stores_a_table_on_a_page_and_sees_what_did_not_fit(cast, page):
    body = cast.bodies["treasury"].pk
    answer = page.post(
        "/inside/tables/new", {"owner": body, "title": "Areas", "name": "areas", "file": sent()}
    )
    assert answer.status_code == 302
    assert "As found (text so far)" in page.get(answer["Location"]).content.decode()
    answer = page.post(answer["Location"])
    assert run_until_idle() == 1
    shown = page.get(answer["Location"]).content.decode()
    assert "Done" in shown
    found = queries.tables(cast.olive).get(name="areas")
    assert found.latest.rows == 4  # “many” makes the column text, so every line fits
    assert found.inside_url() in shown
    assert not Upload.objects.filter(status="kept").exists()


def test_a_file_sent_again_is_the_next_version_and_ragged_lines_are_listed(cast, page, table):
    ragged = sent(b"area,count\nE1,10\nE2,20,30\n")
    assert load(page, table, ragged).status_code == 302
    run_until_idle()
    assert load(page, table, sent()).status_code == 302
    run_until_idle()
    table.refresh_from_db()
    first, second = queries.versions(cast.olive, table).order_by("number")
    assert (first.rows, first.rejected, second.rows) == (1, 1, 4)
    listed = page.get(f"{table.inside_url()}/versions/{first.number}/rejects").content.decode()
    assert "E2,20,30" in listed


def test_a_script_loads_by_the_api_and_asks_the_job(cast, table):
    answer = Client().post(
        f"/api/v1/tables/{table.reference}/load", {"file": sent()}, headers=api(cast)
    )
    assert answer.status_code == 202, answer.content
    run_until_idle()
    job = Job.objects.get(pk=answer.json()["job"])
    assert (job.status, job.result["rows"]) == ("done", 4)
    shown = Client().get(f"/api/v1/tables/{table.reference}", headers=api(cast)).json()
    assert [column["name"] for column in shown["columns"]] == ["area", "count"]


def test_the_same_key_twice_loads_once(cast, table):
    headers = {**api(cast), "Idempotency-Key": "load-1"}
    for _ in range(2):
        answer = Client().post(
            f"/api/v1/tables/{table.reference}/load", {"file": sent()}, headers=headers
        )
        assert answer.status_code == 202
    assert Job.objects.count() == 1


def test_a_bad_file_is_refused_with_its_place_and_the_table_stands(cast, page, table):
    answer = page.post(f"{table.inside_url()}/load", {"file": sent(b"%PDF-1.7 x")})
    assert answer.status_code == 422
    assert "holds PDF" in answer.content.decode()
    answer = page.post(f"{table.inside_url()}/load", {"file": sent(b"area,area\nE1,10\n")})
    shown = page.get(answer["Location"]).content.decode()
    assert ("both called “area”" in shown, "Load the file" in shown) == (True, False)
    answer = Client().post(
        f"/api/v1/tables/{table.reference}/load",
        {"file": sent(b"area,area\nE1,10\n")},
        headers=api(cast),
    )
    run_until_idle()
    job = Job.objects.get()
    assert (job.status, "both called “area”" in job.error) == ("failed", True)
    assert job.tries == 1, "a bad file is not tried again"
    table.refresh_from_db()
    assert table.latest is None


def test_a_role_taken_back_before_the_job_ran_stops_it(cast, page, table):
    load(page, table, sent())
    grant = Grant.objects.get(person=cast.people["olive"], status="active")
    revoke_role(cast.ada, grant)
    run_until_idle()
    assert Job.objects.get().status == "failed"
    table.refresh_from_db()
    assert table.latest is None


def test_another_body_finds_no_table_and_a_colleague_without_the_role_may_not_load(cast, table):
    other = Client().post(
        f"/api/v1/tables/{table.reference}/load", {"file": sent()}, headers=api(cast, "erin")
    )
    assert other.status_code == 404
    colleague = Client().post(
        f"/api/v1/tables/{table.reference}/load", {"file": sent()}, headers=api(cast, "colin")
    )
    assert colleague.status_code == 403
    assert not Upload.objects.exists()


def test_a_file_waits_on_the_page_of_its_table_until_it_is_loaded(cast, page, table):
    place = page.post(f"{table.inside_url()}/load", {"file": sent()})["Location"]
    assert place in page.get(table.inside_url()).content.decode()
    page.post(place)
    assert place not in page.get(table.inside_url()).content.decode()
    assert page.get(place).status_code == 404


def test_a_corrected_type_is_kept_and_what_does_not_fit_is_set_aside(cast, page, table):
    place = page.post(f"{table.inside_url()}/load", {"file": sent()})["Location"]
    refused = page.post(place, {"type_0": "date"})
    assert refused.status_code == 422
    assert "None of the first 4 cells of “area” is date" in refused.content.decode()
    assert page.post(place, {"type_1": "integer"}).status_code == 302
    run_until_idle()
    table.refresh_from_db()
    assert (table.latest.rows, table.latest.rejected) == (3, 1)
    assert table.latest.columns[1]["type"] == "integer"


def test_a_waiting_file_is_read_in_the_way_that_is_asked_for(cast, page, table):
    odd = sent("name;sum\nCafé;1,5\n".encode("cp1252"))
    place = page.post(f"{table.inside_url()}/load", {"file": odd})["Location"]
    assert "Café" in page.get(place).content.decode()
    assert "name;sum" in page.get(f"{place}?delimiter=,").content.decode()
    assert "There is no such way" in page.get(f"{place}?encoding=klingon").content.decode()


def test_a_program_looks_at_a_file_and_loads_it_with_its_own_types(cast, table):
    base, headers = f"/api/v1/tables/{table.reference}/uploads", api(cast)
    made = Client().post(base, {"file": sent()}, headers=headers).json()
    assert [f["id"] for f in Client().get(base, headers=headers).json()["items"]] == [made["id"]]
    one = f"{base}/{made['id']}"
    seen = Client().get(one, headers=headers).json()
    assert (seen["format"], seen["encoding"], seen["delimiter"]) == ("Delimited text", "utf-8", ",")
    assert seen["rows"][0] == ["E1", "10"]
    assert [c["type"] for c in seen["columns"]] == ["text", "text"]

    def ask(types):
        return Client().post(
            f"{one}/load", {"types": types}, headers=headers, content_type="application/json"
        )

    assert ask({"count": "colour"}).json()["errors"][0]["field"] == "types"
    assert ask({"area": "date"}).json()["errors"][0]["field"] == "area"
    assert ask({"count": "integer"}).status_code == 202
    run_until_idle()
    table.refresh_from_db()
    assert (table.latest.rows, table.latest.rejected) == (3, 1)
    assert Client().get(one, headers=headers).status_code == 404
    assert Client().get(base, headers=api(cast, "erin")).status_code == 404


def test_a_file_is_seen_by_its_own_table_alone(cast, page, table):
    other = draft_table(cast.olive, cast.bodies["treasury"], "Other", "other")
    place = page.post(f"{table.inside_url()}/load", {"file": sent()})["Location"]
    assert page.get(place.replace(table.reference, other.reference)).status_code == 404
