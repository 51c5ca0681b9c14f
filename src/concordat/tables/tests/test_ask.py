"""The SQL door: what an analyst can ask, what comes, and that nothing else is reached."""

from __future__ import annotations

import io
import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone
from pytest import fixture

from concordat.kernel.administration.actions import issue_token
from concordat.kernel.audit.models import Entry
from concordat.kernel.refusals import TooMany
from concordat.marketplace import actions as marketplace
from concordat.tables import analysis, deliver
from concordat.tables.models import QueryRun, SavedQuery
from concordat.tables.plane.gate import SqlError
from concordat.tables.plane.pool import Job, Run
from concordat.tables.plane.streams import Cut
from tests.cast import agreed

BY_GRADE = "SELECT Grade, count(*) AS posts FROM junior_posts GROUP BY Grade ORDER BY Grade"


@fixture(autouse=True)
def small(settings):
    """Limits that are reached soon."""
    changed = {"sql_seconds": 1, "sql_memory_mb": 1024, "sql_rows": 100_000}
    settings.ENV = settings.ENV.model_copy(update=changed)


@fixture
def asha(cast, agreement):
    return _caller(cast.asha)


def _caller(actor):
    secret, _ = issue_token(
        actor, "laptop", ["read", "deliver"], timezone.now() + timedelta(days=1)
    )

    def ask(sql: str, **more: object):
        body = json.dumps({"sql": sql, **more})
        headers = {"Authorization": f"Bearer {secret}"}
        return Client().post(
            "/api/v1/sql", data=body, content_type="application/json", headers=headers
        )

    ask.get = lambda path: Client().get(path, headers={"Authorization": f"Bearer {secret}"})
    return ask


def _problem(answer) -> str:
    return answer.json()["errors"][0]["message"]


def test_an_analyst_asks_over_what_the_agreement_gives(asha):
    answer = asha(BY_GRADE)
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert [column["name"] for column in body["columns"]] == ["Grade", "posts"]
    assert body["rows"] == [["EO", 1], ["HEO", 2], ["SEO", 1]]
    assert body["whole"] is True


def test_rows_and_columns_that_were_not_agreed_are_not_there(asha):
    body = asha("SELECT * FROM junior_posts").json()
    assert [c["name"] for c in body["columns"]] == ["Organisation", "Unit", "Grade", "FTE"]
    assert {row[0] for row in body["rows"]} == {"HM Treasury", "Government Actuary"}
    hidden = asha('SELECT "Pay minimum" FROM junior_posts')
    assert (hidden.status_code, "Pay minimum" in _problem(hidden)) == (422, True)


def test_the_tables_are_listed_under_both_their_names(asha, agreement):
    [table] = asha.get("/api/v1/sql/tables").json()["items"]
    schema = agreement.agreement.reference.lower().replace("-", "_")
    assert (table["name"], table["qualified"]) == ("junior_posts", f"{schema}.junior_posts")
    assert asha(f"SELECT count(*) FROM {schema}.junior_posts").json()["rows"] == [[4]]


def test_two_shares_of_one_name_are_told_apart_by_their_agreement(cast, agreement, asha):
    other = agreed(cast, agreement, title="Another", rows="Organisation = 'Cabinet Office'")
    schema = other.agreement.reference.lower().replace("-", "_")
    assert "no table" in _problem(asha("SELECT 1 FROM junior_posts"))
    assert asha(f"SELECT count(*) FROM {schema}.junior_posts").json()["rows"] == [[1]]


def test_the_whole_answer_comes_as_a_file_of_three_kinds(asha):
    sql = "SELECT Grade, FTE FROM junior_posts"
    csv = b"".join(asha(sql, format="csv").streaming_content).decode()
    assert csv.splitlines()[0] == '"Grade","FTE"'
    assert len(csv.splitlines()) == 5
    arrow = b"".join(asha(sql, format="arrow").streaming_content)
    assert pa.ipc.open_stream(arrow).read_all().num_rows == 4
    parquet = b"".join(asha(sql, format="parquet").streaming_content)
    assert pq.read_table(io.BytesIO(parquet)).column_names == ["Grade", "FTE"]


def test_what_was_asked_is_kept_and_the_supplier_is_told_what_of_theirs_was_read(asha, cast):
    asha(BY_GRADE)
    run = QueryRun.objects.get()
    assert (run.person.name, run.sql, run.rows, run.outcome) == ("Asha", BY_GRADE, 3, "whole")
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert (facts["door"], facts["rows"], facts["whole"]) == ("sql", 3, True)
    assert [r["sql"] for r in asha.get("/api/v1/sql/runs").json()["items"]] == [BY_GRADE]
    assert not QueryRun.objects.visible_to(cast.bram).exists()


def test_the_plan_is_shown_without_a_file_name(asha):
    text = json.dumps(asha(BY_GRADE, explain=True).json())
    assert "Read Parquet" in text
    assert ".parquet" not in text


def test_more_rows_than_the_limit_are_cut_and_said_to_be(asha):
    body = asha("SELECT * FROM junior_posts", limit=2).json()
    assert (len(body["rows"]), body["whole"]) == (2, False)


def test_who_has_no_share_knows_of_no_table_and_who_is_no_analyst_may_not_ask(cast, agreement):
    erin = _caller(cast.erin)
    assert erin.get("/api/v1/sql/tables").json() == {"items": []}
    assert "no table" in _problem(erin("SELECT * FROM junior_posts"))
    assert _caller(cast.olive)("SELECT 1").status_code == 403


def test_a_revoked_agreement_takes_the_table_away(cast, agreement, asha):
    assert asha(BY_GRADE).status_code == 200
    marketplace.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")
    assert "no table" in _problem(asha(BY_GRADE))


def test_revocation_stops_what_is_being_sent(cast, agreement, monkeypatch):
    monkeypatch.setattr(deliver, "AGAIN", 0)
    many = ", ".join(f"junior_posts AS t{n}" for n in range(8))
    asked = analysis.ask(cast.asha, "192.0.2.1", f"SELECT t0.Grade FROM {many}")
    batches = asked.batches()
    next(batches)
    marketplace.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")
    with pytest.raises(Cut):
        list(batches)
    assert QueryRun.objects.get().outcome == "stopped"


def test_a_third_query_of_one_person_waits_until_another_has_ended(cast, agreement):
    running = [analysis.ask(cast.asha, "192.0.2.1", BY_GRADE) for _ in range(analysis.AT_ONCE)]
    with pytest.raises(TooMany, match="running"):
        analysis.ask(cast.asha, "192.0.2.1", BY_GRADE)
    for asked in running:
        asked.close()
    assert analysis.rows_of(analysis.ask(cast.asha, "192.0.2.1", BY_GRADE))


ATTACKS = Path(__file__).with_name("attacks.sql").read_text("utf-8").strip().splitlines()


@pytest.mark.once
def test_no_attack_gets_through_and_the_door_works_after_it(cast, asha, tmp_path):
    kept, secret = tmp_path / "kept", tmp_path / "secret.csv"
    kept.write_text("kept")
    secret.write_text("secret\nXYZZY\n")
    before = sorted(os.listdir(tmp_path))
    for attack in ATTACKS:
        sql = attack.replace("{secret}", str(secret)).replace("{kept}", str(kept))
        answer = asha(sql)
        assert answer.status_code == 422, sql
        said = answer.content.decode().replace(sql, "")
        assert "XYZZY" not in said
        assert "Cabinet Office" not in said
    assert asha(BY_GRADE).status_code == 200
    assert (kept.read_text(), sorted(os.listdir(tmp_path))) == ("kept", before)


def _ran(path: Path, sql: str, *, explain: bool = False) -> list[dict]:
    """A text that no gate saw, run over the file as `t`."""
    table = {"names": [["", "t"]], "files": [str(path)], "columns": [["a", "BIGINT"]]}
    run = Run(Job(sql, [table], 5, 2**30, 100, 2**20, explain), lambda: True)
    return [row for batch in run.batches() for row in batch.to_pylist()]


@pytest.mark.once
def test_behind_the_gate_the_engine_changes_nothing_that_it_reads(tmp_path):
    path, secret = tmp_path / "a.parquet", tmp_path / "b.parquet"
    for file in (path, secret):
        pq.write_table(pa.table({"a": [1, 2]}), file)
    path.chmod(0o444)
    before = path.read_bytes()
    for sql in (
        f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT parquet, USE_TMP_FILE false)",
        f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT csv, USE_TMP_FILE false)",
        f"COPY (SELECT 1 AS a) TO '{tmp_path}/c.csv' (FORMAT csv, USE_TMP_FILE false)",
        f"FROM read_parquet('{secret}')",
        f"SET allowed_paths=['{secret}']",
        "SELECT filename FROM t",
    ):
        with pytest.raises(SqlError):
            _ran(path, sql)
    assert (path.read_bytes(), _ran(path, "FROM t")) == (before, [{"a": 1}, {"a": 2}])
    assert sorted(os.listdir(tmp_path)) == ["a.parquet", "b.parquet"]


@pytest.mark.once
def test_a_file_that_the_process_could_write_is_not_opened_by_the_engine(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    assert "Arrow Scan" in _ran(path, "FROM t", explain=True)[0]["plan"]
    assert _ran(path, "FROM t") == [{"a": 1}, {"a": 2}]
    with pytest.raises(SqlError):
        _ran(path, f"FROM read_parquet('{path}')")


LONG = {
    "terms": "SELECT " + "+".join(["FTE"] * 3000) + " FROM junior_posts",
    "deep": "SELECT " + "(" * 500 + "1" + ")" * 500,
    "not": "SELECT " + "NOT " * 900 + "true",
    "cases": "SELECT " + "CASE WHEN true THEN " * 60 + "1" + " END" * 60,
    "brackets": "SELECT Grade" + "[1]" * 1200 + " FROM junior_posts",
    "characters": "SELECT " + "1 " * 15000,
}


@pytest.mark.once
def test_what_would_exhaust_a_parser_is_refused_before_it(asha):
    for name, sql in LONG.items():
        assert asha(sql).status_code == 422, name


BOMBS = (
    "SELECT length(repeat('a', 2000000000)) FROM junior_posts",
    "SELECT length(lpad('a', 2000000000, 'b')) FROM junior_posts",
    "SELECT count(*) FROM (SELECT unnest(range(10000000000)))",
    """SELECT count(*) FROM (SELECT unnest(range(1000000)) AS a) AS x,
    (SELECT unnest(range(1000000)) AS b) AS y WHERE sin(a) > cos(b)""",
)


@pytest.mark.once
def test_a_bomb_is_stopped_and_its_neighbours_are_untouched(asha):
    for bomb in BOMBS:
        answer = asha(bomb)
        assert answer.status_code == 422, answer.content
        assert asha(BY_GRADE).json()["whole"]


def test_the_page_asks_explains_draws_and_hands_out_the_rows(cast, agreement, client):
    client.force_login(cast.people["asha"])
    assert "junior_posts" in client.get("/inside/sql").content.decode()
    page = client.post("/inside/sql", {"sql": BY_GRADE, "chart": "bar"}).content.decode()
    assert all(word in page for word in ("HEO", "<svg", "Download all as CSV"))
    assert not re.search(r">\d+\.0<", page), "a count is drawn as the whole number it is"
    one = client.post("/inside/sql", {"sql": "SELECT 1 AS only"}).content.decode()
    assert ">1 row<" in one
    keep = re.search(r'href="(/inside/saved-queries/new[^"]+)"', one)
    assert keep and "SELECT 1 AS only" in client.get(keep[1]).content.decode()
    plan = client.post("/inside/sql", {"sql": BY_GRADE, "explain": "1"}).content.decode()
    assert "<pre>" in plan
    wrong = client.post("/inside/sql", {"sql": "SELECT nothing FROM junior_posts"})
    assert (wrong.status_code, "nothing" in wrong.content.decode()) == (422, True)
    file = client.post("/inside/sql/query.csv", {"sql": BY_GRADE})
    assert b"".join(file.streaming_content).startswith(b'"Grade","posts"')
    assert "SELECT Grade" in client.get("/inside/sql/runs").content.decode()


def test_a_query_is_kept_shared_and_removed_by_whoever_saved_it(cast, agreement, client):
    client.force_login(cast.people["asha"])
    made = client.post("/inside/saved-queries/new", {"title": "By grade", "sql": BY_GRADE})
    query = SavedQuery.objects.get()
    assert made.headers["Location"] == f"/inside/sql?saved={query.pk}"
    assert BY_GRADE in client.get(made.headers["Location"]).content.decode()
    assert not SavedQuery.objects.visible_to(cast.bram).exists()
    client.post(f"/inside/saved-queries/{query.pk}/share", {})
    query.refresh_from_db()
    assert query.status == "shared"
    client.post(f"/inside/saved-queries/{query.pk}/remove", {})
    assert not SavedQuery.objects.visible_to(cast.asha).exists()


def test_the_console_prints_the_rows(cast, agreement, asha, capsys):
    from concordat.console.app import _grid

    assert _grid(asha(BY_GRADE).json()).splitlines()[0] == "Grade  posts"
