"""Lists as tables: sort by their heads, narrow by a form, page, and take away whole as CSV or JSON.

    columns = [Column("title", "Title", sort="title", link=lambda d: d.inside_url()),
               Column("rows", "Rows", numeric=True)]
    return Table(columns, queries.datasets(actor), name="datasets").respond(request)

Everything works by plain links and a GET form. Downloads carry the same filters and order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from markupsafe import Markup

from concordat.kernel.doors.exports import download
from concordat.kernel.doors.formats import plural, shown
from concordat.kernel.doors.forms import Form

MOST_PAGES: Final = 100_000  # keeps every offset far inside what a database can count
_CHUNK: Final = 2_000


@dataclass(frozen=True)
class Column:
    """One column.

    `value` takes a row and gives the plain value that downloads carry (default: the attribute path
    `key`, dots or double underscores allowed). `show` gives the cell's text or Markup. `link` gives
    an address for the cell. `sort` is the field to order by; without it the head is no link.
    `wide` is for sentences: it is not squeezed to a word a line.
    """

    key: str
    label: str
    value: Callable[[Any], Any] | None = None
    show: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    sort: str = ""
    numeric: bool = False
    wide: bool = False

    def of(self, row: Any) -> Any:
        """The plain value of this column in a row."""
        return self.value(row) if self.value else _follow(row, self.key)

    def cell(self, row: Any) -> Any:
        """What the page shows: escaped text, or Markup."""
        text = self.show(row) if self.show else shown(self.of(row))
        if self.link is None:
            return text
        return Markup('<a class="govuk-link" href="{}">{}</a>').format(self.link(row), text)


def _follow(row: Any, path: str) -> Any:
    for name in path.replace("__", ".").split("."):
        if row is None:
            return None
        row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
        row = row() if callable(row) and not isinstance(row, type) else row
    return row


class FilterForm(Form):
    """Filters of a list. `lookups` maps a field to the lookup its value narrows by."""

    lookups: ClassVar[dict[str, str]] = {}

    def narrow(self, rows: Any) -> Any:
        """The rows that match what was asked; a filter that is not valid narrows nothing."""
        if not self.is_valid():
            return rows
        asked = {
            lookup: self.cleaned_data[name]
            for name, lookup in self.lookups.items()
            if self.cleaned_data.get(name) not in (None, "", [])
        }
        return rows.filter(**asked) if asked else rows

    @property
    def active(self) -> bool:
        """True when some filter holds a value."""
        return any(self.data.get(name) for name in self.fields)


@dataclass
class Page:
    """One page of a table, as the template reads it."""

    rows: list[Any]
    number: int
    pages: int
    total: int
    first: int
    pagination: dict[str, Any] = field(default_factory=dict)


class Table:
    """A list page's table over a query set or a sequence.

    `name` names the downloads, `noun` counts the rows in words, `order` is the starting order (a
    column's key, `-` before it for the other way), `extra` names further query parameters to keep.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: QuerySet[Any] | Sequence[Any],
        *,
        name: str = "list",
        noun: tuple[str, str] = ("row", "rows"),
        caption: str = "",
        order: str = "",
        page_size: int = 25,
        filters: FilterForm | None = None,
        extra: Iterable[str] = (),
    ) -> None:
        self.columns = list(columns)
        self.name, self.noun = name, noun
        self.caption = caption or noun[1].capitalize()
        self.order, self.page_size = order, min(max(1, page_size), 100)
        self.filters, self.extra = filters, tuple(extra)
        self.rows = filters.narrow(rows) if filters else rows
        self.kept: dict[str, list[str]] = {}
        self.path = ""
        self.page = Page([], 1, 1, 0, 0)

    def respond(
        self,
        request: HttpRequest,
        template: str = "doors/list.html",
        context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """The page, or the whole list as a file when `?download=csv` or `json` asks for it."""
        self.read(request)
        kind = request.GET.get("download", "")
        if kind in ("csv", "json"):
            return self.download(kind)
        self.page = self._page(request.GET.get("page", ""))
        return render(request, template, {"title": self.caption, **(context or {}), "table": self})

    def read(self, request: HttpRequest) -> None:
        """Take the order and the parameters worth keeping from the address."""
        self.path = request.path
        known = {*(self.filters.fields if self.filters else ()), *self.extra}
        dated = {f"{name}_{part}" for name in known for part in ("day", "month", "year")}
        self.kept = {k: request.GET.getlist(k) for k in request.GET if k in known | dated}
        asked = request.GET.get("sort", "")
        if self._sortable(asked):
            self.order, self.kept["sort"] = asked, [asked]
        if column := self._sortable(self.order):
            self.rows = self._sorted(column, descending=self.order.startswith("-"))

    def _sortable(self, order: str) -> Column | None:
        wanted = order.removeprefix("-")
        return next((c for c in self.columns if c.sort and c.key == wanted), None)

    def _sorted(self, column: Column, *, descending: bool) -> Any:
        if isinstance(self.rows, QuerySet):
            sign = "-" if descending else ""
            return self.rows.order_by(f"{sign}{column.sort}", f"{sign}pk")
        return sorted(self.rows, key=lambda row: _rank(column.of(row)), reverse=descending)

    def _page(self, asked: str) -> Page:
        """The page asked for; anything that is not one of them gives the nearest that is."""
        rows = self.rows
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
        pages = min(max(1, -(-total // self.page_size)), MOST_PAGES)
        number = (
            min(int(asked), pages) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
        )
        number = max(1, number)
        start = (number - 1) * self.page_size
        page = Page(list(rows[start : start + self.page_size]), number, pages, total, start + 1)
        page.pagination = self._pagination(number, pages)
        return page

    def _pagination(self, number: int, pages: int) -> dict[str, Any]:
        if pages == 1:
            return {}
        near = sorted({1, pages} | {n for n in range(number - 1, number + 2) if 1 <= n <= pages})
        items: list[dict[str, Any]] = []
        for before, n in zip([0, *near], near, strict=False):
            if n - before > 1:
                items.append({"ellipsis": True})
            items.append({"number": n, "href": self.link(page=n), "current": n == number})
        made: dict[str, Any] = {"items": items}
        if number > 1:
            made["previous"] = {"href": self.link(page=number - 1)}
        if number < pages:
            made["next"] = {"href": self.link(page=number + 1)}
        return made

    def link(self, **changes: object) -> str:
        """This page's address with some parameters changed; the page starts again at 1."""
        query = {**self.kept, **{k: [str(v)] for k, v in changes.items()}}
        return f"{self.path}?{urlencode(query, doseq=True)}" if query else self.path

    def head(self, column: Column) -> dict[str, str]:
        """The link of a sortable head and what aria-sort says; no href when it does not sort."""
        if not column.sort:
            return {}
        held = self.order.removeprefix("-") == column.key
        down = self.order.startswith("-")
        way = ("descending" if down else "ascending") if held else "none"
        return {
            "href": self.link(sort=f"-{column.key}" if held and not down else column.key),
            "sort": way,
        }

    @property
    def count(self) -> str:
        """“3 datasets”."""
        return plural(self.page.total, *self.noun)

    def hidden(self) -> Iterator[tuple[str, str]]:
        """What the filter form must send along, so that filtering keeps the order."""
        own = set(self.filters.fields) if self.filters else set()
        for name, values in self.kept.items():
            if name in self.extra or (name == "sort" and name not in own):
                yield from ((name, value) for value in values)

    def download(self, kind: str) -> HttpResponseBase:
        """Every row for the same filters and order, streamed."""
        rows = self.rows
        source = rows.iterator(chunk_size=_CHUNK) if isinstance(rows, QuerySet) else iter(rows)
        values = ([column.of(row) for column in self.columns] for row in source)
        keys = [column.key for column in self.columns]
        return download(kind, self.name, keys, [c.label for c in self.columns], values)


def _rank(value: Any) -> tuple[int, Any]:
    """Sorts nothing first, then numbers, then text without regard to case."""
    if value is None:
        return (0, 0)
    if isinstance(value, str):
        return (2, value.casefold())
    return (1, value)
