"""Loading the portfolio: what is kept of it, what a second run does, who may, what is joined."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from concordat.evaluations import actions, queries
from concordat.evaluations.models import PortfolioYear, Project, SpendLine
from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.administration.actions import edit_organisation
from concordat.kernel.audit.models import Entry
from concordat.kernel.refusals import Invalid, NotAllowed, WrongState

pytestmark = pytest.mark.django_db

HEAD = "project_number;project_name;department;report_category;start_date;end_date;wlc_baseline\n"
LINES = (
    "TRE_0001_2021-Q1;Vault;treasury;ICT;2020-01-01;2030-12-31;£60\n"
    "DWP_0002_2021-Q1;Bridge;Department for Work and Pensions;Roads;;31.12.30;£20\n"
    "DWP_0003_2021-Q1;Hidden;PENSIONS;Roads;;;Exempt under Section 43 of the FOI Act\n"
    "XX_0004_2021-Q1;Lost;XX;Roads;;;\n"
)
LATER = (
    "TRE_0001_2021-Q1;Vault;treasury;ICT;2020-01-01;2031-12-31;Exempt under Section 24\n"
    "dwp_0002_2021-Q1;Bridge II;pensions;Roads;;31.12.30;£25\n"
    "NEW_0009_2223-Q1;Lost;XX;Roads;;;£7\n"
)


def load(actor, year=2021, lines=LINES, name="portfolio.csv"):
    return actions.load_portfolio(actor, year, name, (HEAD + lines).encode())


def counted(done):
    return done.made, done.changed, done.unchanged, done.withdrawn, done.refused


def test_a_file_becomes_projects_and_lines_and_a_second_run_changes_nothing(cast):
    assert counted(load(cast.pat)) == (4, 0, 0, 0, 0)
    hidden = SpendLine.objects.get(number="DWP_0003_2021-Q1")
    assert (hidden.value, hidden.cost_class, hidden.sections) == (None, "exempt", [43])
    assert SpendLine.objects.get(name="Bridge").body == cast.bodies["pensions"]
    entries = Entry.objects.count()
    assert counted(load(cast.pat)) == (0, 0, 4, 0, 0)
    assert Entry.objects.count() == entries


def test_who_does_not_run_the_platform_may_not_load(cast):
    for actor in (cast.lea, cast.ada, cast.noor, PUBLIC):
        with pytest.raises(NotAllowed):
            load(actor)
    assert not Project.objects.exists()


def test_a_department_that_is_no_body_here_is_told_and_found_once_it_has_that_name(cast):
    done = load(cast.pat)
    (told,) = (r for r in done.remarks if r.cell == "XX")
    assert (told.place, told.outcome) == ("line 5", "noted")
    edit_organisation(SYSTEM, cast.bodies["cabinet"], {"aliases": ["xx"]})
    assert counted(load(cast.pat)) == (0, 1, 3, 0, 0)
    assert SpendLine.objects.get(name="Lost").body == cast.bodies["cabinet"]


def test_a_name_that_two_bodies_have_is_not_guessed(cast):
    for slug in ("cabinet", "education"):
        edit_organisation(SYSTEM, cast.bodies[slug], {"aliases": ["XX"]})
    (told,) = (r for r in load(cast.pat).remarks if r.cell == "XX")
    assert "Several bodies" in told.message
    assert SpendLine.objects.get(name="Lost").body is None


def test_a_corrected_file_changes_its_lines_and_withdraws_what_is_gone(cast):
    load(cast.pat)
    kept = LINES.replace("£60", "£61").splitlines(keepends=True)[:3]
    assert counted(load(cast.pat, lines="".join(kept))) == (0, 1, 2, 1, 0)
    assert queries.coverage.years(PUBLIC)[0][1].coverage.projects == 3
    assert counted(load(cast.pat)) == (0, 2, 2, 0, 0)
    assert queries.coverage.years(PUBLIC)[0][1].coverage.projects == 4


def test_nothing_is_withdrawn_while_lines_are_refused(cast):
    load(cast.pat)
    broken = LINES.replace("XX_0004_2021-Q1", "=1+1")
    assert counted(load(cast.pat, lines=broken)) == (0, 0, 3, 0, 1)
    assert SpendLine.objects.filter(status="listed").count() == 4
    told = PortfolioYear.objects.get(year=2021).remarks
    assert [r["place"] for r in told if r["outcome"] == "refused"] == ["line 5"]


@pytest.mark.parametrize(
    ("year", "data", "field"), [(1999, LINES, "year"), (2021, "", "file"), (2021, "bad\n", "file")]
)
def test_what_cannot_be_loaded_is_refused_whole(cast, year, data, field):
    with pytest.raises(Invalid) as refused:
        load(cast.pat, year, data)
    assert set(refused.value.errors) == {field}
    assert not PortfolioYear.objects.exists()


def test_a_project_goes_on_under_its_number_in_any_case_with_the_facts_of_the_newest_year(cast):
    load(cast.pat, 2022, LATER)
    load(cast.pat)
    bridge = queries.projects.project(PUBLIC, "DWP_0002_2021-q1")
    assert (bridge.number, bridge.name) == ("dwp_0002_2021-Q1", "Bridge II")
    lines = list(queries.projects.lines_of(PUBLIC, bridge))
    assert queries.projects.numbers_of(lines) == [
        ("DWP_0002_2021-Q1", 2021, 2021),
        ("dwp_0002_2021-Q1", 2022, 2022),
    ]
    vault = list(
        queries.projects.lines_of(PUBLIC, queries.projects.project(PUBLIC, "TRE_0001_2021-Q1"))
    )
    (move,) = queries.projects.moves_of(vault)
    assert (move.days, move.hidden) == (365, "hidden")


def test_projects_of_one_name_are_proposed_and_joined_by_a_person(cast):
    load(cast.pat)
    load(cast.pat, 2022, LATER)
    ((older, newer),) = queries.projects.proposals(PUBLIC)
    assert (older.number, newer.number) == ("XX_0004_2021-Q1", "NEW_0009_2223-Q1")
    with pytest.raises(NotAllowed):
        actions.join_project(cast.lea, older, newer)
    actions.join_project(cast.pat, older, newer)
    assert queries.projects.project(PUBLIC, older.number) == newer
    assert [line.year for line in queries.projects.lines_of(PUBLIC, newer)] == [2021, 2022]
    assert not queries.projects.proposals(PUBLIC)
    assert counted(load(cast.pat)) == (0, 0, 4, 0, 0)
    actions.separate_project(cast.pat, older, note="They are two.")
    assert queries.projects.project(PUBLIC, older.number) == older


def test_projects_that_stand_beside_each_other_are_two(cast):
    load(cast.pat)
    one, other = Project.objects.filter(number__startswith="DWP").order_by("number")
    with pytest.raises(Invalid) as refused:
        actions.join_project(cast.pat, one, other)
    assert "portfolio of 2021" in refused.value.errors["into"][0]
    with pytest.raises(Invalid):
        actions.join_project(cast.pat, one, one)
    with pytest.raises(WrongState):
        actions.separate_project(cast.pat, one, note="No.")


def test_a_total_says_what_it_covers_and_where_it_is_published(cast):
    load(cast.pat)
    year = PortfolioYear.objects.get(year=2021)
    with pytest.raises(Invalid) as refused:
        actions.state_total(cast.pat, year, {"total": Decimal(100)})
    assert set(refused.value.errors) == {"basis", "total_source"}
    told = {"total": Decimal(100), "basis": "all", "total_source": "Annual report, page 3"}
    assert actions.state_total(cast.pat, year, told).total_of().amount == 100


def test_a_file_without_numbers_keeps_its_projects_apart(cast):
    text = "Project Name,Department,Whole Life Cost\nVault,treasury,£1\nVault,pensions,£2\n"
    for _ in range(2):
        actions.load_portfolio(cast.pat, 2021, "x.csv", text.encode())
    assert SpendLine.objects.count() == 2
    assert all(p.number.count("_") == 2 for p in Project.objects.all())


def test_the_console_loads_and_says_what_it_could_not_read(cast, tmp_path):
    file = tmp_path / "portfolio.csv"
    file.write_text(HEAD + LINES + ";No number;;Roads;;;£1\n", encoding="utf-8")
    out = StringIO()
    call_command("portfolio_load", "2021", str(file), stdout=out)
    assert "refused: line 6: It has no project number" in out.getvalue()
    assert "made: 4" in out.getvalue()
    with pytest.raises(CommandError, match="No such file"):
        call_command("portfolio_load", "2021", str(tmp_path / "none.csv"))


@pytest.mark.once
def test_the_real_years_load_twice_with_the_same_sums(cast, shared):
    folder = shared / "evaluations" / "gmpp"
    made = [load_file(cast.pat, folder, year).made for year in (2020, 2021, 2022)]
    assert made == [125, 184, 235]
    assert counted(load_file(cast.pat, folder, 2020)) == (0, 0, 125, 0, 0)
    sums = {told.year: whole.coverage.cost for told, whole in queries.coverage.years(PUBLIC)}
    assert sums == {2020: Decimal("447920.35"), 2021: Decimal("541951.37"), 2022: Decimal(494181)}
    change = queries.coverage.year_of(PUBLIC, 2022).change
    assert (change.both, change.went_hidden, change.came_back) == (159, 11, 6)
    moved = change.moves
    assert (moved.later, moved.earlier, moved.same, moved.not_comparable, moved.median_later) == (
        42,
        8,
        98,
        11,
        379,
    )


def load_file(actor, folder, year):
    return actions.load_portfolio(
        actor, year, f"uk_{year}.csv", (folder / f"uk_{year}.csv").read_bytes()
    )
