"""The workbook of evaluations, read as it is written: every row is told of, and nothing is guessed."""

from __future__ import annotations

import tracemalloc
import zipfile
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.evaluations.feeds import (
    FeedError,
    Unsaid,
    cells,
    open_sheet,
    read_evaluations,
    sheets,
)
from concordat.evaluations.feeds.columns import FULLER, LIGHT_HEADERS
from concordat.evaluations.tests.workbooks import (
    Drawn,
    as_csv,
    as_xlsx,
    drawn,
    headers,
    rows,
    table,
)

pytestmark = pytest.mark.once

UNSAID = """Information not identified within the report
Information not identified in the report
Not identified
Information not easily identified within the report
No information easily identified within the report
Information not included in the report
Information not specified within the report
Information not specifed in report
Information not specified in the report
INFORMATION NOT SPECIFIED
No information on outcomes easily identified within the report
Information notidentified within the report
Information no identified within the report
Information not identfied within the report
No outcomes identified within the report
No methodology identified within the report
Information specified in a separate report
Not announced
Not found
Not found within the report.
Not applicable
Not applicabe
not applicablle
N/A
na
nan
NaN
Other (please specify)
Missing - needs to be added"""
SAID = """N/A for the first year, 12 after it
The cause was not found within the report of 2012
Not identified as a risk
Information on schools
None
0
1
Not
Found within the report
Nobody
Nantes
Not available to people under 16
Not applicable because nobody was recruited"""


def read(path):
    reading = read_evaluations(open_sheet(path))
    return list(reading), reading


def one(tmp_path, *written, fuller=True):
    [found], _ = read(
        as_csv(
            table([{"Evaluation ID": "7", **r} for r in written], fuller=fuller),
            tmp_path / "in.csv",
        )
    )
    return found


@pytest.mark.parametrize("text", UNSAID.splitlines())
def test_a_cell_that_says_nothing_is_known_as_such_however_it_is_spelt(text):
    assert cells.says_nothing(text)


@pytest.mark.parametrize("text", SAID.splitlines())
def test_a_text_that_holds_such_words_is_a_text(text):
    assert not cells.says_nothing(text)


@pytest.mark.parametrize(
    ("number", "texts"),
    [
        (11, "November NOV nov"),
        (10, "oct October"),
        (8, "Aug august"),
        (9, "Sep Sept. September"),
        (5, "may"),
        (6, "Jun"),
        (12, "12 dec"),
        (None, "Ma Mayor Novembre 13"),
    ],
)
def test_a_month_is_known_short_or_whole(number, texts):
    assert {cells.month(text) for text in texts.split()} == {number}


@pytest.mark.parametrize(
    ("answer", "texts"),
    [(True, "Y|Y (AA)|yes|TRUE"), (False, "N|No|False|n (AA)"), (None, "Perhaps|Yesterday|")],
)
def test_yes_and_no_are_known(answer, texts):
    assert {cells.yes_or_no(text) for text in texts.split("|")} == {answer}


def test_an_amount_is_a_number_and_prose_is_none():
    assert [
        cells.amount(t) for t in ("£1,234.50", "1000", "1,000,000", "£69m funding programme")
    ] == [
        "1234.50",
        "1000",
        "1000000",
        None,
    ]


def test_bodies_are_taken_apart_and_what_is_around_them_is_not_theirs():
    text = "Department for Transport; Closed organisation: DECC | Other (Ofsted; NIHR)|Other (please state): Nesta"
    assert list(cells.names(text)) == [
        "Department for Transport",
        "DECC",
        "Ofsted",
        "NIHR",
        "Nesta",
    ]


def test_the_fuller_form_has_its_132_columns():
    assert len(FULLER) == len(set(FULLER)) == 132


@given(drawn(), st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_goes_in_comes_out(tmp_path_factory, made, fuller):
    path = tmp_path_factory.mktemp("sheet") / "in.csv"
    as_csv(table([r for each in made for r in rows(each)], fuller=fuller), path)
    _same_as(made, *read(path))


@given(drawn(most=2))
@settings(max_examples=3, deadline=None)
def test_what_goes_into_a_workbook_comes_out(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("sheet") / "in.xlsx"
    as_xlsx(table([r for each in made for r in rows(each)]), path)
    _same_as(made, *read(path))


def _same_as(made: list[Drawn], found, reading):
    assert [f.source_id for f in found] == [m.id for m in made]
    assert not reading.lines
    for each, drawn_one in zip(found, made, strict=True):
        assert each.title == " ".join(drawn_one.title.split())
        assert {r.id: sorted(_named(each, r)) for r in each.reports} == {
            r: sorted(o) for r, o in drawn_one.reports.items()
        }
        assert {o.get("name") for o in each.items.get("outcomes", [])} == set(drawn_one.outcomes)
        assert len(each.items.get("outcomes", [])) == len(drawn_one.outcomes)
        assert {i.get("name") for i in each.items.get("interventions", [])} == set(
            drawn_one.interventions
        )
        assert each.types == ["impact"]
        assert not each.bodies


def _named(found, report):
    return [found.items["outcomes"][n]["name"] for n in report.outcomes]


@given(drawn(), st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_rows_that_do_not_stand_together_belong_together_all_the_same(
    tmp_path_factory, made, chance
):
    written = [r for each in made for r in rows(each)]
    chance.shuffle(written)
    path = as_csv(table(written), tmp_path_factory.mktemp("sheet") / "in.csv")
    found, _ = read(path)
    assert {f.source_id for f in found} == {m.id for m in made}
    told = {f.source_id: len(f.items.get("outcomes", [])) for f in found}
    assert told == {m.id: len(m.outcomes) for m in made}
    assert [asdict(f) for f in found] == [asdict(f) for f in read(path)[0]]


def test_what_is_not_stated_is_kept_as_it_was_written(tmp_path):
    found = one(
        tmp_path,
        {"Evaluation title": "A", "Equity": "", "Impact - Equity": "Not applicabe"},
        {"Outcome title": "B", "Measure type": "Information not specifed in report"},
    )
    assert found.unsaid == [
        Unsaid("Impact - Equity", "Not applicabe"),
        Unsaid("Measure type", "Information not specifed in report", "outcomes[0]"),
    ]
    assert found.sections == {}
    assert found.items["outcomes"] == [{"name": "B"}]


def test_texts_that_differ_are_both_kept_in_their_order(tmp_path):
    texts = ["Later letters.", "Earlier letters.", "Later letters."]
    found = one(tmp_path, *({"Evaluation title": "A", "Current practice": t} for t in texts))
    assert found.sections["issue"]["current_practice"] == "Later letters.\n\nEarlier letters."


def test_a_title_that_differs_is_told_of_and_kept(tmp_path):
    found = one(tmp_path, {"Evaluation title": "A"}, {"Evaluation title": "B"})
    assert found.title == "A"
    assert found.rest["Evaluation title"] == "B"
    assert [(line.place, line.column) for line in found.lines] == [("row 3", "Evaluation title")]


def test_dates_costs_and_findings_find_their_places(tmp_path):
    found = one(
        tmp_path,
        {
            "Evaluation title": "A",
            "Intervention start date (Month)": "Sept",
            "Intervention start date (Year)": "2015",
            "Publication date (Month)": "Nov",
            "Publication date (Year)": "2016",
            "Evaluation cost (£)": "£69m funding programme",
            "Event category": "Analysis",
            "Event start date (Year)": "2012",
            "Report ID": "1.0",
            "Report title": "Main",
            "Impact - Findings": "It works.",
            "Time point of intesest (Month)": "March",
            "Time point of intesest (Year)": "2014",
            "Outcome title": "Letters",
        },
    )
    assert found.dates == [("intervention_start", "2015-09", "")]
    assert (found.reports[0].id, found.reports[0].published) == ("1", "2016-11")
    assert found.items["events"] == [{"category": "Analysis", "start": "2012"}]
    assert found.sections["told"] == {"cost": "£69m funding programme"}
    assert (found.findings[0].findings, found.findings[0].report) == ("It works.", 0)
    assert found.items["outcomes"][0]["time_frame"] == "2014-03"


def test_a_month_that_is_none_is_told_of_and_kept_as_words(tmp_path):
    told = {"Time point of intesest (Month)": "Six months on", "Outcome title": "B"}
    found = one(tmp_path, {"Evaluation title": "A", **told})
    assert found.items["outcomes"][0]["time_frame"] == "Six months on"
    assert "month" in found.lines[0].mend


def test_a_row_without_an_id_is_told_of(tmp_path):
    path = as_csv(table([{"Evaluation title": "A"}, {"Evaluation ID": "nan"}]), tmp_path / "in.csv")
    found, reading = read(path)
    assert found == []
    assert [(line.place, line.outcome) for line in reading.lines] == [
        ("row 2", "refused"),
        ("row 3", "refused"),
    ]


def test_an_evaluation_without_a_title_is_refused_with_its_place(tmp_path):
    found = one(tmp_path, {"Outcome title": "B"})
    assert (found.lines[0].outcome, found.lines[0].place) == ("refused", "row 2")


def test_a_strange_column_is_told_of_and_its_cells_are_kept(tmp_path):
    made = [
        [*headers(), "Our own"],
        *([*row, "kept"] for row in table([{"Evaluation ID": "1"}])[1:]),
    ]
    sheet = open_sheet(as_csv(made, tmp_path / "in.csv"))
    assert [line.column for line in sheet.lines] == ["Our own"]
    [found] = read_evaluations(sheet)
    assert found.rest == {"Columns that are not known": "kept"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_however_its_letters_are_written(tmp_path, encoding):
    path = tmp_path / "in.csv"
    path.write_text("Evaluation ID;Evaluation title\n1;Café\n", encoding=encoding)
    assert read(path)[0][0].title == "Café"


def test_the_plain_template_is_read_too(tmp_path):
    row = [
        "a1",
        "Letters",
        "A letter.",
        "Impact; Value for money",
        "Case studies",
        "Money",
        "2027-03",
    ]
    row += ["no", "31/12/2027", "March 2028", "The team", "team@x.example", "DfE; HMRC"]
    [found], reading = read(as_csv([list(LIGHT_HEADERS), row], tmp_path / "in.csv"))
    assert reading.sheet.form == "light"
    assert found.types == ["impact", "economic"]
    assert found.dates == [
        ("first_data", "2027-03", "intended"),
        ("end", "2027-12-31", ""),
        ("publication", "2028-03", ""),
    ]
    assert (found.contact_name, found.bodies, found.topics) == (
        "The team",
        ["DfE", "HMRC"],
        ["Money"],
    )


def test_a_file_of_something_else_is_refused_in_words(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FeedError, match="Evaluation ID"):
        open_sheet(path)


def test_more_rows_than_fit_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    path = as_csv(table([{"Evaluation ID": str(n)} for n in range(9)]), tmp_path / "in.csv")
    with pytest.raises(FeedError, match="more than 3 rows"):
        read(path)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    path = as_xlsx(table([{"Evaluation ID": "1"}]), tmp_path / "in.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(64 * 1024 * 1024))
    with pytest.raises(FeedError):
        open_sheet(path)


def test_memory_stays_flat_however_long_the_file_is(tmp_path):
    def peak(count):
        written = [
            {"Evaluation ID": str(n), "Evaluation title": "A", "Evaluation summary": f"{n}" * 2000}
            for n in range(count)
        ]
        reading = read_evaluations(open_sheet(as_csv(table(written), tmp_path / "in.csv")))
        tracemalloc.start()
        for _ in reading:
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(600) < peak(100) + 500_000
