"""Learning agendas are read as they are written, and what is odd in them is told with its place."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations.feeds.agendas import read_agency, read_questions, read_tags, split_tags
from concordat.evaluations.feeds.blocks import read_blocks
from concordat.evaluations.feeds.remarks import AgendaError

pytestmark = pytest.mark.once
HEAD = "Agency Abbreviation,QuestionID,Full Question Text,Tags\n"
KNOWN = ("Housing", "Equity", "Care (children, adults, and families)", "Care", "Jobs, pay")


@pytest.fixture(scope="module")
def agenda(shared):
    return shared / "evaluations" / "learning-agenda-us"


@pytest.fixture(scope="module")
def tags(agenda):
    return read_tags((agenda / "tag_definitions.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def asked(agenda, tags):
    content = (agenda / "learning_agenda_questions.csv").read_bytes()
    return read_questions(content, {tag.name for tag in tags})


@pytest.fixture(scope="module")
def agencies(agenda):
    return [read_agency(p.read_text("utf-8")) for p in sorted((agenda / "agencies").glob("*.md"))]


def test_every_question_of_the_shared_agendas_is_read(asked):
    assert len(asked.rows) == len({row.source_id for row in asked.rows}) == 651
    bodies = Counter(row.code for row in asked.rows)
    assert len(bodies) == 24
    assert bodies.most_common(3) == [("HUD", 126), ("DOL", 58), ("DOC", 50)]
    assert not any(message.refused for message in asked.messages)


def test_the_tags_of_the_shared_agendas_are_kept_as_they_are_written(asked):
    counts = Counter(tag for row in asked.rows for tag in row.tags)
    assert len(counts) == 30
    wanted = ("Mission-Focused", "Operationally-Focused", "Equity", "Housing")
    assert [counts[tag] for tag in wanted] == [499, 197, 263, 102]


def test_tags_without_an_exact_definition_are_reported_and_never_guessed(asked, tags):
    counts = Counter(tag for row in asked.rows for tag in row.tags)
    unknown = set(counts) - {tag.name for tag in tags}
    assert unknown == {
        "Economic Development",
        "DEIA",
        "Disaster Response & Recovery",
        "PMA - Business of Government",
        "PMA - Customer Experience & Service Delivery",
        "PMA - Federal Workforce",
    }
    assert len(asked.messages) == sum(counts[tag] for tag in unknown)
    mends = {message.says.split("”")[0][1:]: message.mend for message in asked.messages}
    assert mends["Economic Development"] == "Did you mean “Economic development”?"


def test_the_vocabulary_has_thirty_tags_in_three_groups(tags):
    assert len(tags) == 30
    assert len({tag.group for tag in tags}) == 3
    assert all(tag.definition and "&#" not in tag.definition for tag in tags)


def test_every_agency_but_one_has_its_yearly_plans(agencies):
    assert len(agencies) == 24
    assert sum(len(agency.plans) for agency in agencies) == 66
    assert [agency.name for agency in agencies if not agency.plans] == ["Department of Defense"]
    assert sum(bool(agency.capacity) for agency in agencies) == 23  # a key that is misspelt


def test_a_plan_whose_address_is_said_twice_keeps_the_first(agencies):
    (told,) = [agency for agency in agencies if agency.messages]
    assert told.name == "Department of Treasury"
    assert dict(told.plans)["FY 2023"].endswith("FY2023-Treasury-Annual-Evaluation-Plan.pdf")


def test_one_that_asks_is_no_agency(asked, agencies):
    named = {agency.name for agency in agencies}
    names = {row.code: row.name for row in asked.rows}
    assert names["PMA"] not in named
    assert names["HUD"] in named


def test_the_shared_files_say_what_any_reader_of_yaml_finds_in_them(agenda):
    texts = [p.read_text("utf-8").split("---", 2)[1] for p in (agenda / "agencies").glob("*.md")]
    texts.append((agenda / "tag_definitions.yml").read_text("utf-8"))
    for text in texts:
        found, twice = read_blocks(text)
        if not twice:
            assert found == yaml.safe_load(text)


def rows(*lines, known=KNOWN):
    return read_questions((HEAD + "\n".join(lines)).encode("cp1252"), known)


def test_rows_that_cannot_be_taken_say_where_and_how_to_mend_them():
    found = rows(
        "A,A 1,What works?,Housing",
        "A,A 1,What else works?,Equity",
        ",A 2,Who asks?,",
        "A,,What?,",
        "",
        f"A,A 3,{'x' * 4001},",
        "A,A 4,Does “it” work?",
    )
    assert [(row.place, row.text) for row in found.rows] == [
        ("row 2", "What works?"),
        ("row 8", "Does “it” work?"),
    ]
    assert [(m.place, m.mend) for m in found.messages if m.refused] == [
        ("row 3, QuestionID", "Give each question its own"),
        ("row 4, Agency Abbreviation", "Enter the Agency Abbreviation"),
        ("row 5, QuestionID", "Enter the QuestionID"),
        ("row 7, Question", "Enter 4,000 characters or fewer"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column"),
        (b"a,b\n1,2\n", "no column QuestionID"),
        (b"\x00\x01", "not text"),
        (HEAD.encode() + b"A,A 1,\x81?,", "neither"),
    ],
)
def test_a_file_that_is_no_agenda_is_refused_with_what_to_do(content, says):
    with pytest.raises(AgendaError, match=says):
        read_questions(content)


@given(st.lists(st.sampled_from(KNOWN), unique=True))
def test_tags_joined_by_commas_are_parted_again_whatever_commas_they_hold(chosen):
    assert split_tags(", ".join(chosen), KNOWN) == chosen
    assert split_tags(",".join(chosen), KNOWN) == chosen


@given(st.text(st.sampled_from("ab(), ")))
def test_any_cell_is_parted_without_losing_a_letter(cell):
    told = "".join(split_tags(cell, ("a", "b, a")))
    assert set(told) - set(" ,") == set(cell) - set(" ,")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\n  b: 2", "Line 2 stands further in"),
        ("  a: 1\nb: 2", "Line 2 stands further out"),
        ("a: &x 1", "Line 1 says more"),
        ("a: [1, 2]", "Line 1 says more"),
        ("a: b: c", "Line 1 says more"),
        ("words", "Line 1 is no name"),
        ("a: 'it''s'", "Line 1 holds a quotation"),
        ("\n".join(f"{' ' * n}a:" for n in range(30)), "too deep"),
    ],
)
def test_what_is_beyond_plain_blocks_is_refused_with_its_line(text, says):
    with pytest.raises(AgendaError, match=says):
        read_blocks(text)


@pytest.mark.parametrize("text", ["", "---\n---\n", "a: 1", "---\nagency-link: x\n---\n"])
def test_a_page_that_names_no_body_is_refused(text):
    with pytest.raises(AgendaError, match="names no body"):
        read_agency(text)
