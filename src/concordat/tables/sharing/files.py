"""The rows that a share gives as one file in a format: its tag, and the file where it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb
import pyarrow
import structlog
from django.conf import settings

from concordat.kernel.doors.exports import defused
from concordat.kernel.refusals import WrongState
from concordat.tables.plane.engine import Relation, open_table
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.render import Rendering, kept, render, rendering, summed
from concordat.tables.plane.streams import Arrow, Csv, Format, JsonLines, Parquet, Tally
from concordat.tables.sharing.terms import Terms
from concordat.tables.store import lake

log = structlog.get_logger()
FORMATS: Final[dict[str, tuple[Callable[[], Format], str]]] = {
    "csv": (lambda: Csv(defused), "text/csv; charset=utf-8"),
    "jsonl": (JsonLines, "application/x-ndjson"),
    "arrow": (Arrow, "application/vnd.apache.arrow.stream"),
    "parquet": (Parquet, "application/vnd.apache.parquet"),
}
# What makes bytes of rows: a new release of it may make others.
_MADE_BY: Final = f"1-{duckdb.__version__}-{pyarrow.__version__}"


def tag(terms: Terms, kind: str) -> str:
    """The entity tag (RFC 9110 §8.8.3) of the rows in a format: the same tag, the same bytes."""
    text = f"{terms.table}-{terms.version.number}-{terms.mark}-{kind}-{_MADE_BY}"
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def opened(terms: Terms) -> Relation:
    """The rows that the terms let be read. Raises WrongState where they are damaged or gone."""
    number = terms.version.number
    with whole(terms):
        return open_table(lake(), terms.table, number, terms.columns, terms.policy, terms.key)


@contextmanager
def whole(terms: Terms) -> Iterator[None]:
    """Tell the operator, and whoever reads, that a version is damaged or gone: asking again is no
    use, so this is no fault of the server's."""
    try:
        yield
    except TableError as error:
        log.exception("stored table damaged", table=terms.table, version=terms.version.number)
        raise WrongState(
            "The stored data of this version cannot be read.", "Tell whoever shares it."
        ) from error


def _name(terms: Terms, kind: str) -> str:
    return f"{terms.table}-{terms.version.number}-{tag(terms, kind)[1:-1]}.{kind}"


def rendered(terms: Terms, kind: str) -> Rendering | None:
    """The rows in a format as a file, if it is written on this host."""
    return rendering(lake(), _name(terms, kind))


def checkable(terms: Terms, kind: str) -> Rendering | None:
    """The same, with the sum of its bytes."""
    found = rendered(terms, kind)
    return summed(found) if found else None


def keeping(terms: Terms, kind: str, pieces: Iterator[bytes], tally: Tally) -> Iterator[bytes]:
    """The pieces of a stream, kept as the file where they turn out to be worth it: at most a quarter
    of what this host keeps."""
    return kept(lake(), _name(terms, kind), pieces, tally, settings.ENV.extract_cache // 4)


def write_rendering(
    terms: Terms, kind: str, progress: Callable[[int], None] = lambda rows: None
) -> Rendering:
    """The same, written now if it is not there: as long as a whole read takes."""
    form, _ = FORMATS[kind]
    with whole(terms):
        return render(lake(), _name(terms, kind), lambda: opened(terms), form(), progress)
