"""What a version is found to hold, told so that nobody's row shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concordat.tables.plane.columns import Column
from concordat.tables.plane.compare import compared, sentence
from concordat.tables.plane.ingest import load, read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.profile import FEWER, SMALL, _safe, told

pytestmark = pytest.mark.once


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "tables"), tmp_path / "work")


def profiled(lake, tmp_path, lines, **options):
    path = tmp_path / "in.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    loaded = load(lake, "t", path, **options)
    return {c.name: c.to_data() for c in loaded.columns}, loaded


def test_a_range_goes_from_the_tenth_smallest_to_the_tenth_largest(lake, tmp_path):
    lines = ["n,day", *(f"{n},2026-01-{1 + n % 28:02}" for n in range(100))]
    found, _ = profiled(lake, tmp_path, lines)
    assert (found["n"]["least"], found["n"]["most"]) == (9, 90)
    assert found["day"]["least"] == "2026-01-03"
    assert found["n"]["empty"] == 0
    few, _ = profiled(lake, tmp_path, lines[:16])
    assert "least" not in few["n"]


def test_values_and_shapes_are_those_of_ten_rows_or_more(lake, tmp_path):
    codes = [f"SW1A {n % 9}AA" for n in range(20)] + ["é9"] * 12 + ["secret"] * 9 + ["other"] * 9
    kinds = ["a"] * 30 + ["b"] * 20
    lines = ["code,kind", *(f"{code},{kind}" for code, kind in zip(codes, kinds, strict=True))]
    found, _ = profiled(lake, tmp_path, lines)
    assert found["kind"]["top"] == [{"value": "a", "rows": 30}, {"value": "b", "rows": 20}]
    assert found["kind"]["distinct"] == FEWER
    assert "secret" not in str(found)
    assert found["code"]["shapes"] == [
        {"shape": "AA9A 9AA", "share": 40},
        {"shape": "a9", "share": 24},
    ]
    assert told(found["kind"]) == "such as a, b"


def test_a_small_number_cannot_be_had_by_taking_away(lake, tmp_path):
    lines = ["kind,n", *["a,1"] * 50, *["b,1"] * 30, *["c,1"] * 3]
    found, _ = profiled(lake, tmp_path, lines)
    assert found["kind"]["top"] == [{"value": "a", "rows": 50}]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 15), st.integers(1, 10))
@settings(deadline=None)
def test_what_is_left_over_is_never_a_small_number(counts, empty, most):
    counts = sorted(counts, reverse=True)
    found = [(n, count) for n, count in enumerate(counts) if count >= SMALL][:most]
    rows = sum(counts) + empty
    kept = _safe(found, rows, empty)
    left = rows - sum(count for _, count in kept) - (empty if empty >= SMALL else 0)
    assert not kept or left == 0 or left >= SMALL


def test_quality_is_measured_by_rule(lake, tmp_path):
    lines = ["id,grade,n", "1,EO,1", "1,,2", "2,HEO,3", "3,G7,4,5"]
    _, loaded = profiled(lake, tmp_path, lines, key=["ID"], needed=["grade", "gone"])
    assert [(q["dimension"], q["tested"], q["failing"]) for q in loaded.quality] == [
        ("completeness", 3, 1),
        ("completeness", 3, 3),
        ("uniqueness", 3, 2),
        ("validity", 4, 1),
    ]


def test_columns_are_compared_with_those_before():
    before = [Column("a", "text"), Column("b", "integer"), Column("c", "text")]
    after = [Column("c", "text"), Column("b", "number"), Column("New one", "text")]
    changes = compared(before, after)
    assert sentence(changes) == (
        'adds "New one"; removes a; makes b number where it was integer; '
        "puts its columns in another order"
    )
    assert compared(before, before) == {}


def test_lines_that_did_not_fit_are_read_in_pieces(lake, tmp_path):
    lines = ["a,b", "0,0", *(f"{n},1,2" for n in range(5000))]
    profiled(lake, tmp_path, lines)
    held = read_rejects(lake, "t", 0)
    assert len(held) == 5000
    assert [row["line"] for row in held[4_000:4_003]] == [4003, 4004, 4005]
    assert [row["line"] for row in held] == list(range(3, 5003))
    assert (held[7]["line"], held[6000:]) == (10, [])
