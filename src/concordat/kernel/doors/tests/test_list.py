"""Tables sort, narrow, page and can be taken away whole, whatever is asked of them."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.access import Actor
from concordat.kernel.doors.exports import csv_pieces, defused
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.tests import paper
from concordat.kernel.organisations.models import Organisation

pytestmark = pytest.mark.urls("concordat.kernel.doors.tests.paper")


@pytest.fixture
def sixty(actor: Actor, bodies: list[Organisation]) -> list[paper.Paper]:
    return [paper.draft(actor, bodies[0], title=f"Paper {n:02}", pages=60 - n) for n in range(60)]


def body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_list_shows_one_page_counts_all_and_links_to_the_rest(
    web: Client, sixty: list[paper.Paper]
) -> None:
    html = web.get("/inside/papers").content.decode()
    assert "60 papers" in html and "Paper 00" in html and "Paper 30" not in html
    assert 'href="/inside/papers?page=2"' in html
    assert "Paper 30" in web.get("/inside/papers?page=2").content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 30, "²", "1e9", "", "3\x00", "99999"])
def test_a_page_that_is_not_there_gives_the_nearest_that_is(
    web: Client, sixty: list[paper.Paper], page: str
) -> None:
    response = web.get("/inside/papers", {"page": page})
    assert response.status_code == 200 and "60 papers" in response.content.decode()


def test_heads_sort_both_ways_and_say_so(web: Client, sixty: list[paper.Paper]) -> None:
    html = web.get("/inside/papers?sort=pages").content.decode()
    assert 'aria-sort="ascending"' in html and "sort=-pages" in html and "Paper 59" in html
    html = web.get("/inside/papers?sort=-pages").content.decode()
    assert 'aria-sort="descending"' in html and "Paper 00" in html


@pytest.mark.parametrize(
    "sort", ["owner__people__password", "status", "-", "title;drop", "x" * 9000]
)
def test_nobody_can_sort_by_what_is_not_a_sortable_column(
    web: Client, sixty: list[paper.Paper], sort: str
) -> None:
    assert web.get("/inside/papers", {"sort": sort}).status_code == 200


def test_filters_narrow_the_page_and_the_download_alike(
    web: Client, sixty: list[paper.Paper]
) -> None:
    html = web.get("/inside/papers?word=1&sort=-title").content.decode()
    assert "15 papers" in html and "download=csv" in html and "word=1" in html
    rows = list(csv.reader(io.StringIO(body(web.get("/inside/papers?word=1&download=csv")))))
    assert rows[0] == ["Title", "Pages", "Organisation", "Status"] and len(rows) == 16


def test_a_filter_with_a_wrong_value_says_so_and_narrows_nothing(
    web: Client, sixty: list[paper.Paper]
) -> None:
    html = web.get("/inside/papers?status=eaten").content.decode()
    assert "There is a problem" in html and "60 papers" in html


def test_json_download_holds_every_row_in_order(web: Client, sixty: list[paper.Paper]) -> None:
    response = web.get("/inside/papers?download=json&sort=-title")
    found = json.loads(body(response))
    assert [row["title"] for row in found] == sorted((p.title for p in sixty), reverse=True)
    assert found[0] == {
        "title": "Paper 59", "pages": 1, "owner.name": "Ministry of Paper", "status": "draft",
    }  # fmt: skip
    assert response["Content-Disposition"] == 'attachment; filename="papers.json"'


def test_an_empty_download_is_still_a_whole_file(web: Client) -> None:
    assert json.loads(body(web.get("/inside/papers?download=json"))) == []
    assert body(web.get("/inside/papers?download=csv")).count("\r\n") == 1


def test_a_list_page_stays_under_a_fixed_number_of_queries(
    web: Client, sixty: list[paper.Paper], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        web.get("/inside/papers")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "\rx",
        " =1",
        "\uff1d1",
        "-",
        "+44 20",
    ],
)
def test_cells_that_could_start_a_formula_are_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1", "+3.5", "-1e9", "12", "a=b", "x@y.z", ".5", ""])
def test_numbers_and_plain_text_are_left_alone(cell: str) -> None:
    assert defused(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_text_at_all_leaves_a_formula_in_the_file(rows: list[list[str]]) -> None:
    text = b"".join(csv_pieces(["a", "b"], rows)).decode("utf-8", "surrogatepass")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            risky = cell.lstrip()[:1] in tuple("=+-@")
            assert (
                not risky
                or cell.strip().lstrip("+-").replace(".", "").replace("e", "")[:1].isdigit()
                or not cell
            )


def test_a_plain_list_sorts_with_nothing_first_and_escapes_what_it_shows() -> None:
    rows = [SimpleNamespace(name=n) for n in ("b", None, "<i>A</i>")]
    column = Column("name", "Name", sort="name", link=lambda row: '/x?"><script>')
    table = Table([column], rows, order="name")
    table.read(RequestFactory().get("/"))
    assert [row.name for row in table.rows] == [None, "<i>A</i>", "b"]
    cell = str(column.cell(table.rows[1]))
    assert "<i>" not in cell and "<script" not in cell
