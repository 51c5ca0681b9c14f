"""The share of spend evaluated as everybody is told it: by page and by script."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.models import PortfolioYear, Project
from concordat.evaluations.rules.spend import Interval
from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.administration.actions import place_organisation
from tests.cast import drafted_evaluation, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db

TEXT = """project_number;project_name;department;report_category;end_date;wlc_baseline
TRE_0001_2021-Q1;Vault;treasury;ICT;2030-12-31;£60
DWP_0002_2021-Q1;Bridge;pensions;Roads;2030-12-31;£20
DWP_0003_2021-Q1;Hidden;pensions;Roads;;Exempt under Section 43 of the FOI Act
XX_0004_2021-Q1;Lost;XX;Roads;;Data Not Provided
"""


@pytest.fixture
def loaded(cast):
    actions.load_portfolio(cast.pat, 2021, "p.csv", TEXT.encode())
    year = PortfolioYear.objects.get(year=2021)
    told = {"total": Decimal(100), "basis": "all", "total_source": "Annual report"}
    actions.state_total(cast.pat, year, told)
    return cast


def evaluate(cast, *numbers, opens_on=None):
    projects = queries.projects.projects_of(PUBLIC, list(numbers))
    return published_evaluation(cast, opens_on, projects=projects)


def whole(actor=PUBLIC):
    return queries.coverage.years(actor)[0][1]


def page(path):
    answer = Client().get(f"/evaluations/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_interval_follows_from_what_is_published(loaded):
    assert whole().coverage.share == Interval(Decimal(0), Decimal(0))
    evaluate(loaded, "TRE_0001_2021-Q1", "dwp_0003_2021-q1")
    told = whole().coverage
    assert told.share == Interval(Decimal("0.6"), Decimal("0.8"))
    assert (told.evaluated, told.hidden_evaluated, told.hidden_cost) == (2, 1, 20)


def test_what_nobody_may_know_of_changes_no_public_figure(loaded):
    addresses = ("coverage", "coverage/2021", "coverage/2021/all", "projects/TRE_0001_2021-Q1")
    before = [page(a) for a in addresses]
    projects = queries.projects.projects_of(PUBLIC, ["TRE_0001_2021-Q1"])
    drafted_evaluation(loaded, projects=projects, title="Zebra draft")
    evaluate(loaded, "TRE_0001_2021-Q1", opens_on=timezone.localdate() + timedelta(days=3))
    assert [page(a) for a in addresses] == before
    gone = evaluate(loaded, "TRE_0001_2021-Q1")
    assert whole().coverage.evaluated == 1
    actions.withdraw_evaluation(loaded.lea, gone, note="A mistake.")
    assert [page(a) for a in addresses] == before


def test_a_published_report_is_a_step_of_its_own(loaded):
    made = evaluate(loaded, "TRE_0001_2021-Q1")
    assert (whole().coverage.evaluated, whole().reported.evaluated) == (1, 0)
    values = {
        "title": "What the vault did",
        "kinds": ["main_final_report"],
        "url": "https://example.org/report",
        "published_on": "2026-01-01",
    }
    report = actions.add_report(loaded.eve, made, values)
    actions.submit_report(loaded.eve, report)
    assert whole().reported.evaluated == 0
    actions.publish_report(loaded.lea, report)
    assert whole().reported.evaluated == 1


def test_parts_are_reckoned_by_portfolio_and_by_body_and_unknown_bodies_stand_apart(loaded):
    evaluate(loaded, "TRE_0001_2021-Q1")
    parts = queries.coverage.year_of(PUBLIC, 2021).parts
    told = {(p.kind, p.slug): (p.coverage.projects, p.coverage.evaluated) for p in parts}
    assert told == {
        ("all", "all"): (4, 1),
        ("portfolio", "ict"): (1, 1),
        ("portfolio", "roads"): (3, 0),
        ("body", "pensions"): (2, 0),
        ("body", "treasury"): (1, 1),
        ("unknown", "not-matched-xx"): (1, 0),
    }
    assert parts[1].coverage.share == Interval(Decimal(1), Decimal(1))
    assert parts[2].coverage.share is None


def test_a_body_that_split_counts_under_all_that_it_became_and_once_in_the_whole(loaded):
    became = [loaded.bodies["education"], loaded.bodies["cabinet"]]
    place_organisation(SYSTEM, loaded.bodies["pensions"], {"successors": became})
    parts = queries.coverage.year_of(PUBLIC, 2021).parts
    bodies = {p.slug: (p.coverage.projects, p.split, p.codes) for p in parts if p.kind == "body"}
    assert bodies == {
        "education": (2, 2, ("pensions",)),
        "cabinet": (2, 2, ("pensions",)),
        "treasury": (1, 0, ("treasury",)),
    }
    assert parts[0].coverage.projects == 4
    for slug in ("education", "cabinet", "pensions"):
        _, lines = queries.coverage.body_block(PUBLIC, 2021, slug)
        assert [line.name for line in lines] == ["Bridge", "Hidden"]


def test_evaluations_of_a_number_that_was_joined_count_for_the_project(loaded):
    made = evaluate(loaded, "XX_0004_2021-Q1")
    text = TEXT.splitlines()[0] + "\nNEW_0009_2223-Q1;Lost;XX;Roads;;£7\n"
    actions.load_portfolio(loaded.pat, 2022, "q.csv", text.encode())
    assert whole().coverage.evaluated == 0
    old, new = (Project.objects.get(number=n) for n in ("XX_0004_2021-Q1", "NEW_0009_2223-Q1"))
    actions.join_project(loaded.pat, old, new)
    assert whole().coverage.evaluated == 1
    assert list(queries.projects.evaluations_of(PUBLIC, new)) == [made]


def test_pages_say_the_basis_and_lead_to_the_projects(loaded):
    evaluate(loaded, "TRE_0001_2021-Q1", "DWP_0003_2021-Q1")
    text = page("coverage")
    assert "60.0%" in text
    assert "80.0%" in text
    assert (
        "The published total is £100 million. It includes the projects whose cost is hidden" in text
    )
    assert "Source: Annual report." in text
    text = page("coverage/2021")
    assert "/evaluations/coverage/2021/all?portfolio=roads" in text
    assert "/evaluations/coverage/2021/not-matched-xx" in text
    text = page("coverage/2021/pensions")
    assert "Exempt under Section 43 of the FOI Act" in text
    assert "Evaluated, cost hidden" in text
    assert "Not known: the cost of the hidden projects is not published" in text
    text = page("projects/DWP_0003_2021-Q1")
    assert "Does a letter raise tax returns?" in text
    assert (
        Client()
        .get("/evaluations/projects/dwp_0003_2021-q1")["Location"]
        .endswith("DWP_0003_2021-Q1")
    )


@pytest.mark.parametrize(
    "path",
    [
        "coverage/2020",
        "coverage/2020/all",
        "coverage/2021/none",
        "coverage/2021/not-matched",
        "coverage/2021/education",
        "projects/none",
        "coverage/99999999999999999999",
    ],
)
def test_what_there_is_not_is_not_found(loaded, path):
    assert Client().get(f"/evaluations/{path}").status_code == 404


def test_lists_are_narrowed_and_downloaded(loaded):
    rows = json.loads(
        b"".join(
            Client().get("/evaluations/coverage/2021/all?portfolio=roads&cost=exempt&download=json")
        )
    )
    assert [(row["name"], row["value"], row["sections"]) for row in rows] == [
        ("Hidden", None, "43")
    ]
    rows = json.loads(b"".join(Client().get("/evaluations/coverage?download=json")))
    assert [(row["year"], row["projects"], row["share_upper"]) for row in rows] == [
        (2021, 4, "0.000")
    ]


def test_the_pages_ask_the_database_a_fixed_number_of_times(loaded):
    counts = []
    for numbers in ((), ("TRE_0001_2021-Q1",), ("DWP_0002_2021-Q1", "DWP_0003_2021-Q1")):
        if numbers:
            evaluate(loaded, *numbers)
        with CaptureQueriesContext(connection) as captured:
            page("coverage")
            page("coverage/2021")
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


def test_scripts_read_the_same(loaded):
    evaluate(loaded, "TRE_0001_2021-Q1", "DWP_0003_2021-Q1")
    api = script(loaded.noor)
    (year,) = api.get("/coverage").json()["items"]
    assert year["whole"]["coverage"]["share"] == {"lower": 0.6, "upper": 0.8}
    assert (year["basis"], year["total_source"]) == ("all", "Annual report")
    parts = api.get("/coverage/2021").json()["parts"]
    assert [p["slug"] for p in parts] == ["ict", "roads", "pensions", "treasury", "not-matched-xx"]
    lines = api.get("/coverage/2021/pensions").json()["lines"]
    assert [(x["project"], x["value"], x["evaluated"]) for x in lines] == [
        ("DWP_0002_2021-Q1", "20.000000", False),
        ("DWP_0003_2021-Q1", None, True),
    ]
    assert [p["number"] for p in api.get("/projects", body="pensions").json()["items"]] == [
        "DWP_0002_2021-Q1",
        "DWP_0003_2021-Q1",
    ]
    one = api.get("/projects/tre_0001_2021-q1").json()
    assert (one["number"], len(one["evaluations"]), one["moves"]) == ("TRE_0001_2021-Q1", 1, [])


def test_a_script_may_write_as_who_runs_the_platform_may(loaded):
    for who, status in (("lea", 403), ("pat", 200)):
        api = script(getattr(loaded, who))
        file = {"file": SimpleUploadedFile("p.csv", TEXT.replace("£60", "£61").encode())}
        told = {"Authorization": f"Bearer {api.token}"}
        answer = api.browser.post("/api/v1/portfolio-years/2021/load", file, headers=told)
        assert answer.status_code == status
    assert answer.json()["changed"] == 1
    told = {
        "total": "120",
        "basis": "all",
        "total_source": "A report",
        "category_totals": [{"category": "Roads", "total": "50"}],
    }
    answer = api.post("/portfolio-years/2021/state-total", told)
    assert Decimal(answer.json()["total"]) == 120
    assert PortfolioYear.objects.get(year=2021).category_totals == {"Roads": "50"}
    assert api.post("/portfolio-years/2021/state-total", {**told, "basis": ""}).status_code == 422
    answer = api.post("/portfolio-years/2021/state-total", {**told, "total": None})
    assert (answer.json()["total"], answer.json()["basis"]) == (None, "")
    assert api.post("/projects/XX_0004_2021-Q1/join", {"into": "none"}).status_code == 404


def test_an_evaluation_names_its_projects_by_page_and_by_script(loaded):
    made = drafted_evaluation(loaded)
    api = script(loaded.eve)
    answer = api.patch(f"/evaluations/{made.reference}", {"projects": ["tre_0001_2021-q1"]})
    assert answer.json()["projects"] == ["TRE_0001_2021-Q1"]
    answer = api.patch(f"/evaluations/{made.reference}", {"projects": ["nonsense"]})
    assert answer.status_code == 404
    assert made.projects.count() == 1
    browser = Client()
    browser.force_login(loaded.people["eve"])
    text = browser.get(f"/inside/evaluations/{made.reference}").content.decode()
    assert 'href="/evaluations/projects/TRE_0001_2021-Q1"' in text
    assert "What the evaluation costs, item by item" in text


def test_who_runs_the_platform_loads_a_file_on_a_page_and_reads_what_was_refused(loaded):
    browser = Client()
    browser.force_login(loaded.people["pat"])
    home = "/inside/evaluations/portfolio"
    assert browser.post(home, {"year": "1"}).status_code == 422
    sent = SimpleUploadedFile("later.csv", (TEXT + ";Nameless;;;;£1\n").encode())
    answer = browser.post(home, {"year": "2022", "file": sent}, follow=True)
    text = answer.content.decode()
    assert "4 lines new" in text
    assert "It has no project number" in text
    answer = browser.post(f"{home}/2022/total", {"total": "90", "basis": "", "total_source": ""})
    assert answer.status_code == 422
    told = {"total": "90", "basis": "disclosed", "total_source": "A report", "total_0": "50"}
    assert browser.post(f"{home}/2022/total", told).status_code == 302
    assert PortfolioYear.objects.get(year=2022).category_totals == {"ICT": "50"}
    browser.force_login(loaded.people["lea"])
    assert browser.get(home).status_code == 403
