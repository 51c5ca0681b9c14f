"""Charts: every value in words, none only in the picture; and how values read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import html5lib
import pytest

from concordat.kernel.doors import formats
from concordat.kernel.doors.charts import Interval, bar_chart, dots, forest_plot, line_chart

ROWS = [("Home <Office>", 1200), ("HMRC", 30), ("Nobody", 0)]


def test_a_bar_chart_is_named_described_and_repeated_as_a_table() -> None:
    html = str(bar_chart("Datasets by body", ROWS, heads=("Body", "Datasets")))
    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert 'role="img"' in html and "<desc" in html and html.count("<rect") == 3
    assert "Home &lt;Office&gt;" in html and html.count("1,200") >= 2 and "<table" in html
    assert "style=" not in html and "<script" not in html


def test_lines_are_told_apart_without_colour() -> None:
    points = [("2024", 1), ("2025", 5)]
    html = str(line_chart("Uses", {"Asked": points, "Agreed": points}))
    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert html.count("<polyline") == 2 and 'stroke-dasharray="8 4"' in html


def test_a_forest_plot_shows_each_interval_the_whole_and_where_there_is_no_effect() -> None:
    rows = [Interval("Leeds <1>", 0.2, 0.05, 0.35, 0.6), Interval("York", -0.1, -0.4, 0.2, 0.4)]
    html = str(forest_plot("Marks", rows, whole=Interval("Together", 0.1, -0.1, 0.3)))
    html5lib.HTMLParser(strict=True).parseFragment(html)
    assert html.count("<rect") == 2 and html.count("<polygon") == 1 and "60.0%" in html
    assert "Leeds &lt;1&gt;" in html and "−0.4 to 0.2" in html and "style=" not in html
    middle = re.search(r'<line x1="([\d.]+)" y1="0"', html)
    ratio = str(forest_plot("Odds", [Interval("a", 1.0, 0.5, 2.0)], ratio=True))
    assert middle and re.search(r'<line x1="455.0" y1="0"', ratio)  # 1 stands midway by logarithms


def test_marks_grow_with_their_counts_and_say_nothing_to_those_who_hear() -> None:
    few, many = (str(dots({"planned": n, "complete": 0}, 9)) for n in (1, 9))
    assert 'r="6.0"' in few and 'r="12.0"' in many
    assert 'aria-hidden="true"' in few and few.count("<circle") == 1


def test_lines_over_different_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="same steps"):
        line_chart("x", {"a": [("1", 1)], "b": [("2", 1)]})


def test_nothing_to_draw_is_drawn_as_nothing() -> None:
    assert "nothing to show" in str(bar_chart("x", []))
    assert "<svg" in str(line_chart("x", {"a": []}))


@pytest.mark.parametrize(
    ("value", "reads"),
    [
        (None, "Not given"),
        (True, "Yes"),
        (1234567, "1,234,567"),
        (date(2026, 11, 4), "4 November 2026"),
        (datetime(2026, 7, 1, 14, 5, tzinfo=UTC), "1 July 2026 at 3:05pm"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "1 January 2026 at 12am"),
        (["a", "b"], "a, b"),
        ([], "Not given"),
    ],
)
def test_values_read_as_people_write_them(value: object, reads: str) -> None:
    assert formats.shown(value) == reads


def test_money_and_plurals() -> None:
    assert formats.money(Decimal("1234.5")) == "£1,234.50" and formats.money(-2) == "\u2212£2"
    assert formats.money(3, "SEK") == "SEK 3"
    assert formats.plural(1, "dataset") == "1 dataset"
    assert formats.plural(2000, "body", "bodies") == "2,000 bodies"
