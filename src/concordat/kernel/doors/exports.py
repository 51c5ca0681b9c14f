"""Rows out of the house, as CSV and JSON, a piece at a time, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

# What spreadsheets take for the start of a formula, full-width forms too (OWASP, CSV injection).
_FORMULA: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_BATCH: Final = 500


def defused(value: Any) -> Any:
    """The value as a CSV cell that no spreadsheet will run; true numbers are left as they are.

    Text that could start a formula gets an apostrophe before it. Lists are joined with “; ”.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        value = "; ".join(str(v) for v in value)
    text = str(value).replace("\x00", "")
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_pieces(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 CSV with a header line, in pieces of some hundred rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([defused(head) for head in heads])
    for n, row in enumerate(rows, 1):
        writer.writerow([defused(value) for value in row])
        if n % _BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def json_pieces(keys: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A JSON array of objects, one a line, in pieces of some hundred rows."""
    encode = DjangoJSONEncoder(ensure_ascii=False).encode
    waiting, opened = ["["], False
    for n, row in enumerate(rows, 1):
        waiting.append(",\n" if opened else "\n")
        waiting.append(encode(dict(zip(keys, map(_plain, row), strict=True))))
        opened = True
        if n % _BATCH == 0:
            yield "".join(waiting).encode()
            waiting.clear()
    yield ("".join(waiting) + "\n]\n").encode()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | Decimal | date | list | dict):
        return value
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)


def download(
    kind: str, name: str, keys: Sequence[str], heads: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A file to keep: `kind` is "csv" (headed by `heads`) or "json" (keyed by `keys`)."""
    pieces = csv_pieces(heads, rows) if kind == "csv" else json_pieces(keys, rows)
    types = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "download"
    return StreamingHttpResponse(
        pieces,
        content_type=types[kind],
        headers={"Content-Disposition": f'attachment; filename="{safe}.{kind}"'},
    )
