"""A table loaded from outside, on a schedule: what is the same makes no version, what fails is told once."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.access import SYSTEM
from concordat.kernel.jobs import run_next
from concordat.kernel.jobs.models import Job
from concordat.kernel.notices.models import Notice
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible, WrongState
from concordat.site.environment import Connection
from concordat.site.worker import catch_up
from concordat.tables import actions, queries
from concordat.tables.models import Source, StoredTable
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.outside import Place, SourceError, read
from concordat.tables.plane.policy import Policy
from concordat.tables.rules.schedule import EVERY, next_run
from concordat.tables.store import lake
from tests.script import script

LONDON = ZoneInfo("Europe/London")
MOST = 10**9


@pytest.fixture
def drop(tmp_path, settings):
    """A folder that the Treasury may load from, as the operator names it."""
    folder = tmp_path / "drop"
    folder.mkdir()
    offered(settings, drop=f"file://{folder}")
    return folder


def offered(settings, **urls):
    made = {n: Connection(url=url, bodies=["treasury"]) for n, url in urls.items()}
    settings.ENV = settings.ENV.model_copy(update={"connections": made})


@pytest.fixture
def table(cast):
    return actions.draft_table(cast.olive, cast.bodies["treasury"], "Counts", "counts")


@pytest.fixture
def source(cast, table, drop):
    (drop / "counts.csv").write_text("area,count\nE1,1\n")
    return made(cast, table, place="counts.csv")


def made(cast, table, **values):
    given = {"connection": "drop", "every": "hourly", **values}
    return actions.draft_source(cast.olive, table, **given)


def run(source, actor=SYSTEM):
    actions.run_source(actor, Source.objects.get(pk=source.pk))
    assert run_next()
    source.refresh_from_db()
    return source


def test_what_is_the_same_as_last_time_makes_no_new_version(cast, source, drop, table):
    assert run(source, cast.olive).result == "Loaded version 0: 1 rows."
    before = source.digest
    assert run(source).result == "The same as last time, so nothing was loaded."
    (drop / "counts.csv").write_text("area,count\nE1,1\n")  # written anew, and no other
    assert "The same" in run(source).result and source.digest == before
    assert table.versions.count() == 1
    (drop / "counts.csv").write_text("area,count\nE1,1\nE2,2\n")
    assert run(source).result == "Loaded version 1: 2 rows."
    assert table.versions.first().source_name == "drop: counts.csv"
    assert source.status == "draft", "a run before it is started starts nothing"


def test_of_a_prefix_the_newest_is_taken(cast, table, drop):
    import os

    for number, name in enumerate(("b.csv", "a.csv", "c.csv")):
        path = drop / "daily" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"n\n{number}\n")
        os.utime(path, (1_700_000_000 + (name == "a.csv"), 1_700_000_000 + (name == "a.csv")))
    run(made(cast, table, place="daily/"))
    assert table.versions.get().source_name == "drop: a.csv"


def test_what_is_due_is_queued_once_and_never_two_at_once_for_a_table(cast, source, drop):
    assert actions.run_due_sources(SYSTEM) == 0, "a draft is not due"
    actions.start_source(cast.olive, source)
    assert actions.run_due_sources(SYSTEM) == 1
    assert actions.run_due_sources(SYSTEM, timezone.now() + timedelta(hours=2)) == 0
    with pytest.raises(WrongState):
        actions.run_source(cast.olive, source)
    assert run_next() and not run_next()
    source.refresh_from_db()
    assert (source.status, Job.objects.get().status) == ("active", "done")
    assert source.next_at > timezone.now() + timedelta(minutes=50)
    actions.pause_source(cast.olive, source)
    assert actions.run_due_sources(SYSTEM, timezone.now() + timedelta(days=8)) == 0
    actions.resume_source(cast.olive, source)
    assert actions.run_due_sources(SYSTEM) == 1
    actions.close_source(cast.olive, source)
    assert run_next()
    source.refresh_from_db()
    assert source.status == "closed" and "version" not in source.result[:3]


def test_a_failure_is_shown_and_told_to_the_stewards_once_and_so_is_its_end(cast, source, drop):
    def told():
        catch_up()
        texts = Notice.objects.filter(person=cast.people["olive"]).order_by("id")
        return [text.partition("is now: ")[2] for text in texts.values_list("text", flat=True)]

    actions.start_source(cast.olive, source)
    (drop / "counts.csv").unlink()
    for _ in range(3):
        run(source)
        assert source.status == "failing"
        assert source.result == "There is nothing at counts.csv."
    assert told() == ["failing"]
    (drop / "counts.csv").write_text("area,count\nE1,1\n")
    assert run(source).status == "active"
    assert told()[:2] == ["failing", "active"]


def test_only_what_the_operator_offers_the_body_is_taken(cast, table, source, settings, drop):
    erins = actions.draft_table(cast.erin, cast.bodies["education"], "Schools", "schools")
    for connection in ("drop", "nothing"):
        with pytest.raises(Invalid) as refusal:
            made_of(cast.erin, erins, connection)
        assert "connection" in refusal.value.errors
    assert queries.connections(cast.olive, table) == {"drop": "Folder"}
    assert queries.connections(cast.erin, erins) == {}
    with pytest.raises(Invalid):
        made(cast, table, place="other.csv")  # a table has one source
    with pytest.raises(NotAllowed):
        actions.run_source(cast.colin, source)
    with pytest.raises(NotVisible):
        queries.source(cast.erin, source.reference)
    offered(settings)
    assert "not offered any more" in run(source).result
    actions.close_source(cast.olive, Source.objects.get(pk=source.pk))


def made_of(actor, table, connection):
    return actions.draft_source(actor, table, connection=connection, place="a.csv", every="asked")


@pytest.mark.parametrize("place", ["../counts.csv", "a/../../counts.csv", "none.csv", "none/"])
def test_nothing_outside_the_connection_is_reached(cast, table, drop, place):
    (drop.parent / "counts.csv").write_text("secret\n1\n")
    (drop / "a").mkdir()
    assert "nothing at" in run(made(cast, table, place=place)).result or "no name" in (
        Source.objects.get().result
    )
    assert not table.versions.exists()


def test_pages_and_api_make_run_and_show_a_source(cast, table, drop, client):
    (drop / "counts.csv").write_text("area,count\nE1,1\n")
    client.force_login(cast.people["olive"])
    new = f"{table.inside_url()}/sources/new"
    assert "drop (Folder)" in client.get(new).content.decode()
    empty = client.post(new, {"every": "daily"})
    assert (empty.status_code, b"Select a connection" in empty.content) == (422, True)
    values = {"connection": "drop", "place": "counts.csv", "every": "daily", "hour": 6}
    page = client.post(new, {**values, "weekday": 0}).headers["Location"]
    assert client.post(f"{page}/run").status_code == 302
    assert b"Its table is being loaded" in client.get(page).content
    assert run_next()
    text = client.get(page).content.decode()
    assert "Loaded version 0: 1 rows." in text and "Every day at 6:00" in text
    assert "Loaded version 0" in client.get("/inside/sources").content.decode()
    assert "from outside" in client.get(table.inside_url()).content.decode()
    edited = client.post(f"{page}/edit", {**values, "every": "weekly", "weekday": 2})
    assert edited.status_code == 302
    assert "on Wednesday at 6:00" in client.get(page).content.decode()
    api, reference = script(cast.olive), page.rsplit("/", 1)[1]
    found = api.get(f"/sources/{reference}").json()
    assert (found["every"], found["result"]) == ("weekly", "Loaded version 0: 1 rows.")
    assert found["can"] == ["edit", "start", "run", "close"]
    assert api.post(f"/sources/{reference}/start").json()["status"] == "active"
    named = api.get(f"/tables/{table.reference}/connections").json()["items"]
    assert named == [{"name": "drop", "kind": "Folder"}]
    twice = {"table": table.reference, "connection": "drop", "place": "x.csv", "every": "asked"}
    assert api.post("/sources", twice).status_code == 422


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@pytest.mark.once
@given(st.sampled_from(sorted(EVERY)), st.integers(0, 23), st.integers(0, 6), MOMENTS)
def test_a_source_is_due_after_now_and_before_its_rhythm_is_over(every, hour, weekday, now):
    due = next_run(every, hour, weekday, now, LONDON)
    if every == "asked":
        assert due is None
        return
    longest = {"hourly": timedelta(hours=1), "daily": timedelta(hours=26)}
    assert now < due <= now + longest.get(every, timedelta(days=7, hours=2))
    if every == "weekly":
        assert due.weekday() == weekday


@pytest.fixture(scope="module")
def postgres():
    """A real PostgreSQL with a schema of odd names."""
    from tests.postgres import address, stop

    try:
        url = address(folder := Path(tempfile.mkdtemp()))  # whose parents its own user may enter
    except (ImportError, OSError, RuntimeError) as error:
        pytest.skip(f"no PostgreSQL starts here ({error})")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_MADE)
    yield url.replace("postgres://", "postgresql://")
    stop()
    shutil.rmtree(folder, ignore_errors=True)


_MADE = """
    CREATE SCHEMA "a.b"; CREATE DOMAIN "a.b".pence AS numeric(9,2);
    CREATE TABLE "a.b"."it""s odd" (
        id bigint, code text, paid "a.b".pence, loose numeric, ratio float8, yes boolean,
        on_day date, at timestamptz, tags text[], empty text);
    INSERT INTO "a.b"."it""s odd" VALUES
        (1, '007', 12.30, 1.23456789012345678901, 0.1, true, '2026-01-31',
         '2026-07-01 12:00+01', '{a,"b,c"}', ''),
        (2, E'two\nlines "quoted"', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    CREATE VIEW "a.b".seen AS SELECT id, code FROM "a.b"."it""s odd" ORDER BY id DESC;
    CREATE TABLE "a.b".timeless (day date); INSERT INTO "a.b".timeless VALUES ('infinity');
    CREATE VIEW "a.b".broken AS SELECT 1 / 0 AS one;
    CREATE FUNCTION "a.b".writes() RETURNS int LANGUAGE sql AS
        $$ INSERT INTO "a.b".timeless VALUES ('2026-01-01') RETURNING 1 $$;
    CREATE VIEW "a.b".writer AS SELECT "a.b".writes() AS one
"""
ODD = 'a.b.it"s odd'


def fetched(url, named, folder):
    folder.mkdir(exist_ok=True)
    return read(Place(url, dict, named, MOST), folder)


@pytest.mark.once
def test_a_table_of_postgresql_comes_with_the_types_of_its_catalogue(
    cast, table, postgres, settings
):
    offered(settings, pay=postgres)
    source = made(cast, table, connection="pay", place=ODD)
    assert run(source).result == "Loaded version 0: 2 rows."
    table.refresh_from_db()
    columns = [Column.from_data(data) for data in table.versions.get().columns]
    assert {c.name: c.type for c in columns} == {
        "id": "integer",
        "code": "text",
        "paid": "decimal(9,2)",
        "loose": "text",
        "ratio": "number",
        "yes": "boolean",
        "on_day": "date",
        "at": "datetime",
        "tags": "text",
        "empty": "text",
    }
    policy = Policy(tuple(c.name for c in columns))
    relation = open_table(lake(), table.reference, 0, columns, policy)
    first, second = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    assert (first["code"], first["paid"]) == ("007", Decimal("12.30"))
    assert first["loose"] == "1.23456789012345678901"
    assert first["at"].replace(tzinfo=None) == datetime(2026, 7, 1, 11)
    assert (first["empty"], second["empty"]) == ("", None)
    assert second["code"] == 'two\nlines "quoted"'
    assert "The same" in run(source).result


@pytest.mark.once
def test_the_sum_of_the_rows_does_not_depend_on_their_order(postgres, tmp_path):
    first = fetched(postgres, "a.b.seen", tmp_path / "1").digest
    with psycopg.connect(postgres, autocommit=True) as connection:
        turned = 'CREATE OR REPLACE VIEW "a.b".seen AS SELECT id, code FROM "a.b"."it""s odd"'
        connection.execute(f"{turned} ORDER BY id")
        assert fetched(postgres, "a.b.seen", tmp_path / "2").digest == first
        connection.execute(f"{turned} WHERE id = 1")
        assert fetched(postgres, "a.b.seen", tmp_path / "3").digest != first


@pytest.mark.once
@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("a.b.none", "no table or view"),
        ("pg_class; DROP TABLE x", "no table or view"),
        ('a.b.seen"', "no table or view"),
        ("a.b.broken", "22012"),
        ("a.b.writer", "25006"),
        ("a.b.timeless", "is infinite"),
    ],
)
def test_what_cannot_be_read_is_said_without_a_secret(postgres, tmp_path, named, says):
    with pytest.raises(Exception, match=says) as raised:
        fetched(postgres, named, tmp_path / "x")
    assert "postgresql" not in str(raised.value)


@pytest.mark.once
def test_a_database_that_does_not_answer_is_not_named(tmp_path):
    with pytest.raises(SourceError) as raised:
        fetched("postgresql://spy:hunter2@127.0.0.1:9/x", "a.b", tmp_path / "x")
    assert str(raised.value) == "The database does not answer, or does not let us in."


@pytest.mark.once
def test_a_query_that_takes_too_long_is_stopped(postgres, tmp_path, monkeypatch):
    monkeypatch.setattr("concordat.tables.plane.outside.STATEMENT_MS", 200)
    with psycopg.connect(postgres, autocommit=True) as connection:
        slow = 'CREATE OR REPLACE VIEW "a.b".slow AS SELECT pg_sleep(60)::text AS one'
        connection.execute(slow)
    with pytest.raises(SourceError, match="took longer"):
        fetched(postgres, "a.b.slow", tmp_path / "x")


@pytest.mark.once
def test_secrets_of_a_connection_are_nowhere_to_be_read(cast, table, settings):
    offered(settings, pay="postgresql://spy:hunter2@127.0.0.1:9/x")
    source = made(cast, table, connection="pay", place="public.pay")
    run(source)
    assert "hunter2" not in repr(settings.ENV)
    for row in (source, Job.objects.get(), StoredTable.objects.get()):
        assert "hunter2" not in repr(vars(row))
