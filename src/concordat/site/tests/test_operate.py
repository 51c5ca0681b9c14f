"""What an operator relies on: settings that are checked, figures, health, logs without secrets."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest
import structlog
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pydantic import ValidationError

from concordat.kernel.audit.log import sequence
from concordat.kernel.search.index import Index
from concordat.site import health
from concordat.site.environment import Environment
from concordat.site.logs import logging_config
from concordat.site.management.commands.docs import documents
from concordat.site.worker import catch_up
from tests.cast import make_body


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"WEB_WORKERS": "none"}, "CONCORDAT_WEB_WORKERS"),
        ({"WEB_WORKERS": "0"}, "CONCORDAT_WEB_WORKERS"),
        ({"EMAIL_BACKEND": "smtp"}, "CONCORDAT_SMTP_URL"),
        ({"EMAIL_BACKEND": "notify"}, "CONCORDAT_NOTIFY_KEY"),
        ({"EMAIL_BACKEND": "pigeon"}, "CONCORDAT_EMAIL_BACKEND"),
        ({"OIDC_ISSUER": "https://issuer.example"}, "CONCORDAT_OIDC_CLIENT_ID"),
        ({"HTTPS": "true"}, "CONCORDAT_BASE_URL"),
        ({"DATABASE_URL": "mysql://x"}, "CONCORDAT_DATABASE_URL"),
        ({"HOSTS": "not json"}, "CONCORDAT_HOSTS"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_plain_line(tmp_path, given, says):
    environment = {f"CONCORDAT_{name}": value for name, value in given.items()}
    done = subprocess.run(
        [sys.executable, "-m", "concordat", "check"],
        env={**environment, "CONCORDAT_DATA_DIR": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_secret_is_not_repeated(monkeypatch):
    monkeypatch.setenv("CONCORDAT_STORAGE_OPTIONS", '{"key": ["hush-hush"]}')
    with pytest.raises(ValidationError) as error:
        Environment()
    assert "hush-hush" not in str(error.value.errors(include_input=False))


def test_the_generated_table_names_every_setting():
    page = dict(documents())["settings.md"]
    assert all(f"CONCORDAT_{name.upper()}" in page for name in Environment.model_fields)


def test_it_says_that_it_is_alive_and_able_to_serve(db):
    assert Client().get("/healthz").content == b"ok\n"
    told = Client().get("/readyz").json()
    told.pop("index")
    assert told == {"ready": True, "database": "ok", "migrations": "ok", "store": "ok"}


def test_it_is_not_ready_without_its_database(db, monkeypatch):
    from django.db import DatabaseError

    def broken(*_):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", broken)
        assert Client().get("/readyz").status_code == 503
        assert Client().get("/healthz").status_code == 200


def test_it_is_not_ready_before_the_database_is_migrated(db):
    MigrationRecorder(connection).record_unapplied("kernel", "0006_schedules")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert "concordat migrate" in answer.json()["migrations"]


def test_it_says_how_its_index_and_its_store_are(cast, dataset, monkeypatch, tmp_path):
    catch_up()
    make_body("late", "A body that came later")
    while sequence():
        pass
    assert "entries behind" in Client().get("/readyz").json()["index"]
    assert "concordat_index_behind 0.0" not in Client().get("/metrics").content.decode()
    catch_up()
    assert Client().get("/readyz").json()["index"] == "ok"
    assert "concordat_index_behind 0.0" in Client().get("/metrics").content.decode()
    monkeypatch.setattr(health, "index", lambda: Index(tmp_path))

    def broken():
        raise OSError

    monkeypatch.setattr(health, "store", broken)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["index"]) == (200, "missing")
    assert answer.json()["store"] == "does not answer"


def test_figures_are_for_this_machine_or_for_whoever_holds_the_token(cast, settings):
    Client().get("/")
    figures = Client().get("/metrics").content.decode()
    assert "concordat_requests_total" in figures
    assert 'concordat_jobs{status="queued"} 0.0' in figures
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics").status_code == 404
    token = type(settings.ENV.metrics_token)("figures")
    settings.ENV = settings.ENV.model_copy(update={"metrics_token": token})
    assert Client().get("/metrics").status_code == 404
    held = {"Authorization": "Bearer figures"}
    assert Client(REMOTE_ADDR="192.0.2.1").get("/metrics", headers=held).status_code == 200


def test_a_log_line_is_json_with_the_requests_number_and_without_its_secrets():
    shape = logging_config("INFO", "json")["formatters"]["lines"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=shape["processors"], foreign_pre_chain=shape["foreign_pre_chain"]
    )
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logger = logging.getLogger("a test of logs")
    logger.addHandler(handler)
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh", token="cnc_secret"):
        logger.error("GET /sharing/file?X-Amz-Signature=abc.def&x=1")
    line = json.loads(out.getvalue())
    assert line["request_id"] == "abcdefgh"
    assert "cnc_secret" not in out.getvalue() and "abc.def" not in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_public_site_is_served_by_a_role_that_can_only_read(cast, agreement):
    """Its pages and a download, over a connection that may not write."""
    if connection.vendor != "postgresql":
        pytest.skip("a read-only role needs PostgreSQL")
    reference = agreement.dataset.reference
    pages = ["/", "/search?q=posts", "/register", "/audit", "/organisations", "/readyz"]
    pages += [f"/datasets/{reference}", f"/agreements/{agreement.agreement.reference}"]
    pages += [f"/register?download={kind}" for kind in ("csv", "json")]
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        for page in pages:
            answer = Client().get(page)
            assert answer.status_code == 200, page
            b"".join(answer.streaming_content) if answer.streaming else answer.content
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
