"""Charts drawn on the server as SVG: a title, a description, labelled marks, and the table beneath.

No script and no style attribute, so that they show under the strictest content policy; the table
holds every value, so that nothing is only in the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from math import ceil, floor, log

from markupsafe import Markup

from concordat.kernel.doors.formats import MINUS, number

Value = int | float
_INK, _GRID, _TEXT = "#1d70b8", "#cecece", "#0b0c0c"
# Told apart without colour too: each line has its own dashes.
_SERIES = (("#1d70b8", ""), ("#d4351c", "8 4"), ("#00703c", "2 3"), ("#4c2c92", "12 4 2 4"))
_WIDTH, _LABELS, _BAR, _STEP = 640, 270, 24, 36


def bar_chart(
    title: str,
    rows: Sequence[tuple[str, Value]],
    *,
    description: str = "",
    heads: tuple[str, str] = ("", "Number"),
    unit: str = "",
) -> Markup:
    """Horizontal bars from zero, one a row, each with its label and value; then the table.

    Values below zero are drawn as nothing and stand in the table. `unit` follows each value.
    """
    most = max((value for _, value in rows), default=0) or 1
    room = _WIDTH - _LABELS - 90
    marks = Markup()
    for n, (label, value) in enumerate(rows):
        y, width = n * _STEP, max(0.0, value / most * room)
        marks += Markup(
            '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>'
            '<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="{}"></rect>'
            '<text x="{:.1f}" y="{}" fill="{}">{}{}</text>'
        ).format(
            *(_LABELS - 10, y + 18, _TEXT, _short(label, 27)),
            *(_LABELS, y, width, _BAR, _INK),
            *(_LABELS + width + 8, y + 18, _TEXT, number(value), unit),
        )
    picture = _svg(title, description or _says(rows, unit), len(rows) * _STEP, marks)
    body = [(label, [f"{number(value)}{unit}"]) for label, value in rows]
    return _figure(title, picture, _table(title, heads[0], [heads[1]], body))


def line_chart(
    title: str,
    series: Mapping[str, Sequence[tuple[str, Value]]],
    *,
    description: str = "",
    head: str = "Date",
    unit: str = "",
) -> Markup:
    """Lines over common steps, each named at its end; then the table.

    Raises ValueError when the series do not share their steps, or are more than four.
    """
    steps = [label for label, _ in next(iter(series.values()), ())]
    if len(series) > len(_SERIES) or any([s for s, _ in v] != steps for v in series.values()):
        raise ValueError("a line chart takes up to four series over the same steps")
    most = max((value for points in series.values() for _, value in points), default=0) or 1
    height, left, room = 260, 60, _WIDTH - 60 - 130
    marks = _grid(most, left, room, height, unit)
    for (name, points), (colour, dashes) in zip(series.items(), _SERIES, strict=False):
        marks += _line(name, points, most, left, room, height, colour, dashes)
    marks += _ends(steps, left, room, height)
    said = (
        description or f"{len(series)} lines over {len(steps)} steps; the values are in the table."
    )
    body = [
        (step, [f"{number(points[n][1])}{unit}" for points in series.values()])
        for n, step in enumerate(steps)
    ]
    picture = _svg(title, said, height + 30, marks)
    return _figure(title, picture, _table(title, head, list(series), body))


@dataclass(frozen=True)
class Interval:
    """One row of a forest plot; `weight` is its share of the whole, 0 to 1, 0 for none told."""

    label: str
    estimate: float
    low: float
    high: float
    weight: float = 0.0

    @property
    def values(self) -> list[str]:
        """Estimate, interval and weight, as the table shows them."""
        ends = f"{_digits(self.low)} to {_digits(self.high)}"
        return [_digits(self.estimate), ends, f"{self.weight:.1%}" if self.weight else ""]


def forest_plot(
    title: str,
    rows: Sequence[Interval],
    *,
    whole: Interval | None = None,
    ratio: bool = False,
    description: str = "",
) -> Markup:
    """A line for each interval with a square by its weight, a diamond for `whole`, and the table.

    A dashed line stands where there is no effect: at 0, or at 1 for ratios, which are drawn by their
    logarithms and must be above 0.
    """
    every = [*rows, *([whole] if whole else [])]
    place = _scale(every, ratio)
    nothing, foot = (1.0 if ratio else 0.0), len(every) * _STEP
    marks = Markup(
        '<line x1="{0:.1f}" y1="0" x2="{0:.1f}" y2="{1}" stroke="{2}" stroke-dasharray="4 4"></line>'
    ).format(place(nothing), foot, _TEXT)
    marks += _axis(every, place, nothing, foot)
    heaviest = max((row.weight for row in rows), default=0) or 1
    for n, row in enumerate(every):
        y = n * _STEP + _STEP / 2
        marks += Markup('<text x="{}" y="{:.1f}" text-anchor="end" fill="{}">{}</text>').format(
            _LABELS - 10, y + 5, _TEXT, _short(row.label, 27)
        )
        drawn = _diamond if row is whole else _whisker
        marks += drawn(row, place, y, row.weight / heaviest)
    said = description or (
        f"{len(rows)} estimates with their intervals"
        + (f"; together {_digits(whole.estimate)}, {whole.values[1]}." if whole else ".")
    )
    body = [(row.label, row.values) for row in every]
    heads = ["Estimate", "Interval", "Weight"]
    picture = _svg(title, said, foot + 26, marks)
    table = Markup(
        '<div class="doors-scroll" role="region" aria-label="{}" tabindex="0">{}</div>'
    ).format(title, _table(title, "Study", heads, body))
    return _figure(title, picture, table)


def _scale(rows: Sequence[Interval], ratio: bool) -> Callable[[float], float]:
    """From a value to its place across, with no effect always in sight."""
    turned: Callable[[float], float] = log if ratio else float
    values = [turned(v) for row in rows for v in (row.low, row.high, row.estimate)]
    low, high = min([0.0, *values]), max([0.0, *values])
    room = _WIDTH - _LABELS - 20
    return lambda value: _LABELS + 10 + (turned(value) - low) / ((high - low) or 1.0) * room


def _axis(
    rows: Sequence[Interval], place: Callable[[float], float], nothing: float, foot: int
) -> Markup:
    """The values of no effect and of the ends, where they do not run into one another."""
    text = Markup('<text x="{:.1f}" y="{}" text-anchor="{}" fill="{}">{}</text>')
    marks = text.format(place(nothing), foot + 20, "middle", _TEXT, _digits(nothing))
    for value, anchor in (
        (min(row.low for row in rows), "start"),
        (max(row.high for row in rows), "end"),
    ):
        if abs(place(value) - place(nothing)) > 90:
            marks += text.format(place(value), foot + 20, anchor, _TEXT, _digits(value))
    return marks


def _whisker(row: Interval, place: Callable[[float], float], y: float, share: float) -> Markup:
    side = 6 + 10 * share
    return Markup(
        '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="{}" stroke-width="2"></line>'
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="{}"></rect>'
    ).format(
        *(place(row.low), y, place(row.high), y, _INK),
        *(place(row.estimate) - side / 2, y - side / 2, side, side, _INK),
    )


def _diamond(row: Interval, place: Callable[[float], float], y: float, share: float) -> Markup:
    corners = (
        *((place(row.low), y), (place(row.estimate), y - 9)),
        *((place(row.high), y), (place(row.estimate), y + 9)),
    )
    points = " ".join(f"{x:.1f},{down:.1f}" for x, down in corners)
    return Markup('<polygon points="{}" fill="{}"></polygon>').format(points, _TEXT)


_DOTS = {
    "planned": f'fill="#ffffff" stroke="{_INK}" stroke-dasharray="3 2"',
    "live": f'fill="#b7d2ea" stroke="{_INK}"',
    "complete": f'fill="{_INK}" stroke="{_INK}"',
}


def dots(counts: Mapping[str, int], most: int) -> Markup:
    """A mark for each of planned, live and complete that counts any, its area by its count.

    Hidden from those who cannot see it: the numbers stand beside it in words.
    """
    marks, across = Markup(), 2.0
    for name, look in _DOTS.items():
        if not (count := counts.get(name, 0)):
            continue
        radius = 3 + 9 * (count / max(1, most)) ** 0.5
        marks += Markup('<circle cx="{:.1f}" cy="14" r="{:.1f}" {}></circle>').format(
            across + radius,
            radius,
            Markup(look),  # noqa: S704 - one of ours
        )
        across += 2 * radius + 3
    return Markup(
        '<svg viewBox="0 0 {0:.1f} 28" width="{0:.0f}" height="28" aria-hidden="true" '
        'focusable="false">{1}</svg>'
    ).format(across, marks)


def _digits(value: float) -> str:
    return f"{value:,.3g}".replace("-", MINUS) if abs(value) < 1000 else f"{value:,.0f}"


def _grid(most: Value, left: int, room: int, height: int, unit: str) -> Markup:
    marks = Markup()
    for part in (0, 0.5, 1):
        y = height - 10 - part * (height - 30)
        marks += Markup(
            '<line x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}" stroke="{}"></line>'
            '<text x="{}" y="{:.1f}" text-anchor="end" fill="{}">{}{}</text>'
        ).format(
            *(left, y, left + room, y, _GRID),
            *(left - 8, y + 5, _TEXT, number(round(most * part, 1)), unit),
        )
    return marks


def _line(
    name: str,
    points: Sequence[tuple[str, Value]],
    most: Value,
    left: int,
    room: int,
    height: int,
    colour: str,
    dashes: str,
) -> Markup:
    across = room / max(1, len(points) - 1)
    places = [
        (left + n * across, height - 10 - value / most * (height - 30))
        for n, (_, value) in enumerate(points)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    end_x, end_y = places[-1] if places else (left, height)
    return Markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="3" stroke-dasharray="{}">'
        '</polyline><text x="{:.1f}" y="{:.1f}" fill="{}">{}</text>'
    ).format(path, colour, dashes or "none", end_x + 8, end_y + 5, _TEXT, _short(name, 18))


def _ends(steps: Sequence[str], left: int, room: int, height: int) -> Markup:
    if not steps:
        return Markup()
    text = Markup('<text x="{}" y="{}" text-anchor="{}" fill="{}">{}</text>')
    first = text.format(left, height + 15, "start", _TEXT, steps[0])
    return first + text.format(left + room, height + 15, "end", _TEXT, steps[-1])


def _svg(title: str, description: str, height: int, marks: Markup) -> Markup:
    key = blake2s(f"{title}{marks}".encode(), digest_size=5).hexdigest()
    return Markup(
        '<svg class="doors-chart" role="img" viewBox="0 0 {} {}" aria-labelledby="t{} d{}" '
        'font-family="arial, sans-serif" font-size="16">'
        '<title id="t{}">{}</title><desc id="d{}">{}</desc>{}</svg>'
    ).format(_WIDTH, height, key, key, key, title, key, description, marks)


def _table(
    title: str, head: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]
) -> Markup:
    cell = Markup('<td class="govuk-table__cell govuk-table__cell--numeric">{}</td>')
    column = Markup(
        '<th scope="col" class="govuk-table__header govuk-table__header--numeric">{}</th>'
    )
    heads = Markup('<th scope="col" class="govuk-table__header">{}</th>').format(head or "Item")
    heads += Markup().join(column.format(name) for name in columns)
    body = Markup().join(
        Markup(
            '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>'
            "{}</tr>"
        ).format(label, Markup().join(cell.format(value) for value in values))
        for label, values in rows
    )
    return Markup(
        '<table class="govuk-table"><caption class="govuk-visually-hidden">{}</caption>'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">{}</tr></thead>'
        '<tbody class="govuk-table__body">{}</tbody></table>'
    ).format(title, heads, body)


def _figure(title: str, picture: Markup, table: Markup) -> Markup:
    return Markup(
        '<figure class="doors-figure"><figcaption class="govuk-heading-s">{}</figcaption>{}{}'
        "</figure>"
    ).format(title, picture, table)


def _short(text: str, most: int) -> str:
    return str(text) if len(str(text)) <= most else f"{str(text)[: most - 1]}…"


def _says(rows: Sequence[tuple[str, Value]], unit: str) -> str:
    """A sentence for those who hear the chart rather than see it."""
    if not rows:
        return "There is nothing to show yet."
    top = max(rows, key=lambda row: row[1])
    return f"{len(rows)} bars; the longest is {top[0]} with {number(top[1])}{unit}."


def interval_chart(
    title: str,
    rows: Sequence[tuple[str, float, float]],
    *,
    description: str = "",
    heads: tuple[str, str, str] = ("", "At least", "At most"),
) -> Markup:
    """Bars of a share from 0 to 1, one a row: filled up to the lower bound, outlined with dashes from
    there to the upper, the whole scale behind them; then the table, in per cent.

    Bounds beyond the scale are drawn at its end and stand in the table.
    """
    room = _WIDTH - _LABELS - 20
    marks = Markup()
    for n, (label, lower, upper) in enumerate(rows):
        y = n * _STEP
        least, most = (min(max(bound, 0), 1) * room for bound in (lower, upper))
        marks += Markup(
            '<text x="{}" y="{}" text-anchor="end" fill="{}">{}</text>'
            '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="{}"></rect>'
            '<rect x="{}" y="{}" width="{:.1f}" height="{}" fill="{}"></rect>'
        ).format(
            *(_LABELS - 10, y + 18, _TEXT, _short(label, 27)),
            *(_LABELS, y, room, _BAR, _GRID),
            *(_LABELS, y, least, _BAR, _INK),
        )
        if most > least:
            marks += Markup(
                '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="#f3f2f1" stroke="{}" '
                'stroke-width="2" stroke-dasharray="6 3"></rect>'
            ).format(_LABELS + least, y + 1, most - least, _BAR - 2, _INK)
    said = description or (
        f"{len(rows)} bars from 0 to 100 per cent; each is filled up to the least that it can be and "
        "outlined up to the most."
    )
    picture = _svg(title, said, len(rows) * _STEP, marks)
    body = [(label, _bounds(lower, upper)) for label, lower, upper in rows]
    return _figure(title, picture, _table(title, heads[0], heads[1:], body))


def _bounds(lower: float, upper: float) -> list[str]:
    """Both in per cent, rounded outwards, so that what is true stays between them."""
    least, most = round(lower * 1000, 6), round(upper * 1000, 6)
    told = [round(least)] * 2 if least == most else [floor(least), ceil(most)]
    return [f"{number(part / 10)}%" for part in told]
