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


def test_a_steward_stores_a_table_on_a_page_and_sees_what_did_not_fit(cast, page):
    body = cast.bodies["treasury"].pk
    answer = page.post(
        "/inside/tables/new", {"owner": body, "title": "Areas", "name": "areas", "file": sent()}
    )
    assert answer.status_code == 302
    assert run_until_idle() == 1
    shown = page.get(answer["Location"]).content.decode()
    assert "Done" in shown
    found = queries.tables(cast.olive).get(name="areas")
    assert found.latest.rows == 4  # “many” makes the column text, so every line fits
    assert found.inside_url() in shown
    assert not Upload.objects.filter(status="kept").exists()


def test_a_file_sent_again_is_the_next_version_and_ragged_lines_are_listed(cast, page, table):
    ragged = sent(b"area,count\nE1,10\nE2,20,30\n")
    assert page.post(f"{table.inside_url()}/load", {"file": ragged}).status_code == 302
    run_until_idle()
    assert page.post(f"{table.inside_url()}/load", {"file": sent()}).status_code == 302
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
    twice = sent(b"area,area\nE1,10\n")
    page.post(f"{table.inside_url()}/load", {"file": twice})
    run_until_idle()
    job = Job.objects.get()
    assert (job.status, "both called “area”" in job.error) == ("failed", True)
    assert job.tries == 1, "a bad file is not tried again"
    table.refresh_from_db()
    assert table.latest is None


def test_a_role_taken_back_before_the_job_ran_stops_it(cast, page, table):
    page.post(f"{table.inside_url()}/load", {"file": sent()})
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
