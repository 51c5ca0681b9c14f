"""Totals on the page, on the API and as a file: the same, and safe."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.tables import actions
from concordat.tables.models import Output
from concordat.tables.plane.aggregate import Aggregate, Dimension
from concordat.tables.plane.policy import Policy
from concordat.tables.tests.test_disclose import solved
from concordat.tables.tests.totals import COLUMNS, COUNTS, count, shared, table_of
from tests.script import script

__all__ = ["shared", "table_of"]  # fixtures


@pytest.fixture
def asha(cast):
    client = Client()
    client.force_login(cast.people["asha"])
    return client


def test_the_form_is_led_to_and_asks(cast, shared, asha):
    share = shared()
    assert f"{share.inside_url()}/totals" in asha.get(share.inside_url()).content.decode()
    form = asha.get(f"{share.inside_url()}/totals").content.decode()
    assert "Started (quarter)" in form
    assert "Secret" not in form
    sent = {"first": ":Unit", "second": ":Grade", "measure": "count:", "margins": "on"}
    answer = asha.post(f"{share.inside_url()}/totals", sent)
    found = Output.objects.get()
    assert answer["Location"] == found.inside_url()
    page = asha.get(found.inside_url()).content.decode()
    assert "c: hidden, because" in page
    assert "Ask for clearance" in page
    assert "Count of rows by Unit and Grade" in asha.get("/inside/outputs").content.decode()


def test_an_error_stands_at_its_field(shared, asha, monkeypatch):
    address = f"{shared().inside_url()}/totals"
    twice = asha.post(address, {"first": ":Unit", "second": ":Unit", "measure": "count:"})
    assert twice.status_code == 422
    assert "Select another column than Unit" in twice.content.decode()
    stray = asha.post(address, {"first": ":Secret", "measure": "sum:Secret"})
    assert stray.status_code == 422
    monkeypatch.setattr("concordat.tables.plane.totals.MOST_GROUPS", 5)
    many = asha.post(address, {"first": "day:Started", "measure": "count:"})
    assert many.status_code == 422
    assert 'id="id_first-error"' in many.content.decode()
    assert not Output.objects.exists()


def test_a_refused_table_leads_to_those_that_would_pass(cast, shared, asha):
    policy = Policy(COLUMNS, gives="aggregates", minimum_cell=30)
    asked = Aggregate((Dimension("Started", "day"), Dimension("Grade")), margins=False)
    found = actions.ask_totals(cast.asha, shared(policy=policy), asked)
    page = asha.get(found.inside_url()).content.decode()
    assert "No cell of this table can be shown" in page
    link = f"{found.share.inside_url()}/totals?first=%3AGrade&amp;measure=count%3A"
    assert link in page
    form = asha.get(link.replace("&amp;", "&")).content.decode()
    assert '<option value=":Grade" selected>' in form
    assert " checked" not in form


def test_a_line_of_figures_is_drawn_too(cast, shared, asha):
    found = actions.ask_totals(cast.asha, shared(), count("Unit"))
    page = asha.get(found.inside_url()).content.decode()
    assert "<svg" in page
    assert "Ask for clearance" not in page  # nothing is hidden


def test_the_file_is_the_table_and_no_spreadsheet_runs_it(cast, shared, table_of, asha):
    counts = {("=1+1", "EO"): 20, ("Tax", "EO"): 21, ("Tax", "HEO"): 2, ("=1+1", "HEO"): 22}
    found = actions.ask_totals(cast.asha, shared(table_of(counts)), count("Unit", "Grade"))
    sent = b"".join(asha.get(f"{found.inside_url()}/table.csv").streaming_content).decode()
    lines = list(csv.reader(io.StringIO(sent)))
    assert lines[0] == ["Unit", "EO", "HEO", "Total"]
    assert lines[1][0] == "'=1+1"
    assert lines[2][2] == "c"
    assert lines[3][3] == "65"


def test_a_script_asks_asks_for_clearance_and_reads(cast, shared):
    share, hers, his = shared(), script(cast.asha), script(cast.colin)
    body = {"dimensions": [{"column": "Unit"}, {"column": "Grade"}], "measure": "count"}
    answer = hers.post(f"/shares/{share.reference}/totals", body)
    made = answer.json()
    assert (answer.status_code, made["status"]) == (201, "part_released")
    assert answer["Location"] == f"/api/v1/outputs/{made['reference']}"
    assert made["can"] == ["submit"]
    small = next(c for c in made["cells"] if c["labels"] == ["Spending", "HEO"])
    assert (small["value"], small["hidden"]) == (None, True)
    assert hers.post(f"/outputs/{made['reference']}/submit", {"note": "Why."}).status_code == 200
    cleared = his.post(f"/outputs/{made['reference']}/clear", {"note": "Fine."}).json()
    small = next(c for c in cleared["cells"] if c["labels"] == ["Spending", "HEO"])
    assert small["value"] == COUNTS["Spending", "HEO"]
    assert [o["reference"] for o in hers.get("/outputs").json()["items"]] == [made["reference"]]


HOSTILE = [
    ({"dimensions": [{"column": "Nobody"}]}, "dimensions"),
    ({"dimensions": [{"column": "Secret"}]}, "dimensions"),
    ({"dimensions": [{"column": 'x"; DROP TABLE y; --'}]}, "dimensions"),
    ({"dimensions": [{"column": "Unit"}, {"column": "unit"}]}, "dimensions"),
    ({"dimensions": [{"column": "Unit"}] * 3}, "dimensions"),
    ({"dimensions": [{"column": "Started", "by": "second"}]}, "dimensions"),
    ({"measure": "max", "of": "Pay"}, "measure"),
    ({"measure": "sum", "of": "Secret"}, "of"),
    ({"measure": "sum"}, "of"),
    ({"where": "1=1"}, "where"),
]


@pytest.mark.parametrize(("body", "field"), HOSTILE)
def test_a_hostile_request_is_refused_by_its_field(cast, shared, body, field):
    answer = script(cast.asha).post(f"/shares/{shared().reference}/totals", body)
    assert answer.status_code == 422
    assert any(field in str(error) for error in answer.json()["errors"])
    assert not Output.objects.exists()


def test_totals_are_asked_for_from_the_networks_that_were_agreed(cast, shared):
    share = shared(policy=Policy(COLUMNS, gives="aggregates", networks=("192.0.2.0/24",)))
    assert script(cast.asha).post(f"/shares/{share.reference}/totals", {}).status_code == 403
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.force_login(cast.people["asha"])
    assert client.get(f"{share.inside_url()}/totals").status_code == 200


def test_the_reads_of_a_share_do_not_tell_how_many_rows_its_totals_counted(cast, shared):
    share = shared()
    asha = script(cast.asha)
    assert asha.post(f"/shares/{share.reference}/totals", {}).status_code < 300
    reads = asha.get(f"/shares/{share.reference}/reads").json()["items"]
    assert reads
    assert not any("counted" in read or read["rows"] for read in reads)


def test_another_body_and_a_suspended_share_answer_that_there_is_nothing(cast, shared):
    share = shared()
    path = f"/shares/{share.reference}/totals"
    assert script(cast.erin).post(path, {}).status_code == 404
    assert script(cast.colin).post(path, {}).status_code == 404
    actions.suspend_share(cast.colin, share, note="Wait.")
    assert script(cast.asha).post(path, {}).status_code == 404
    assert Client().get(f"{share.inside_url()}/totals").status_code == 302


ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "e"]), st.sampled_from(["x", "y"])),
    st.integers(1, 30),
    min_size=2,
)
REQUESTS = st.lists(
    st.tuples(st.sampled_from([("Unit",), ("Grade",), ("Unit", "Grade"), ()]), st.booleans()),
    min_size=1,
    max_size=3,
)


@pytest.mark.once
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(counts=ROWS, requests=REQUESTS)
def test_an_attacker_who_asks_again_and_again_learns_no_small_count(
    cast, table_of, shared, counts, requests
):
    """Each example is the table's next version under its own share, so the older ones are known."""
    number = Output.objects.count()
    share = shared(table_of(counts), basis=f"AG-{number}-{len(requests)}")
    keys, equations = list(counts), []
    for columns, margins in requests:
        found = actions.ask_totals(cast.asha, share, count(*columns, margins=margins))
        for cell in found.cells:
            if not cell.hidden:
                named = {columns[n]: label for n, label in zip(*cell.place, strict=True)}
                inside = [_inside(key, named) for key in keys]
                assert cell.value == sum(
                    n for n, on in zip(counts.values(), inside, strict=True) if on
                )
                equations.append([int(on) for on in inside])
    groups = [{}, *({"Unit": u} for u in "abe"), *({"Grade": g} for g in "xy")]
    groups += [{"Unit": u, "Grade": g} for u, g in keys]
    for named in groups:
        wanted = [int(_inside(key, named)) for key in keys]
        if 0 < sum(n * on for n, on in zip(counts.values(), wanted, strict=True)) < 10:
            assert not solved(equations, wanted), named


def _inside(key, named):
    return all(
        dict(zip(("Unit", "Grade"), key, strict=True))[c] == label for c, label in named.items()
    )


def test_the_list_leads_to_no_rows_where_a_share_gives_totals_alone(cast, client, shared):
    share = shared(policy=Policy(COLUMNS, gives="aggregates"))
    client.force_login(cast.people["asha"])
    listed = client.get("/inside/shares").content.decode()
    assert share.reference in listed and "data.csv" not in listed
    page = client.get(f"/inside/shares/{share.reference}").content.decode()
    assert f"Share of {share.table.title}</h1>" in page
