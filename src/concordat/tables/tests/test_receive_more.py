"""JSON lines and workbooks: they become columns and rows as a delimited file does."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from concordat.kernel.files.packed import BadFile
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.ingest import load, read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy

pytestmark = pytest.mark.once


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "tables"), tmp_path / "work")


@pytest.fixture
def send(lake, tmp_path):
    def sent(content, name="in.jsonl", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(lake, "t", path, **options)

    return sent


def types(loaded):
    return {c.name: c.type for c in loaded.columns}


def rows(lake, loaded):
    policy = Policy(tuple(c.name for c in loaded.columns))
    relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
    found = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    return found


@pytest.mark.parametrize("name", ["in.jsonl", "in.ndjson", "in.json", "in.jsonl.gz", "in.csv"])
def test_json_lines_are_rows_and_their_names_columns_in_order_of_appearance(lake, send, name):
    text = '{"n": 1, "s": "007"}\n\n{"t": {"x": [1]}, "n": 0.30000000000000004}\r\n{"s": null}'
    content = gzip.compress(text.encode()) if name.endswith("gz") else text
    loaded = send(content, name)
    assert types(loaded) == {"n": "number", "s": "text", "t": "text"}
    assert rows(lake, loaded) == [
        {"n": 1.0, "s": "007", "t": None},
        {"n": 0.30000000000000004, "s": None, "t": '{"x":[1]}'},
        {"n": None, "s": None, "t": None},
    ]


def test_a_line_that_is_no_object_is_set_aside_with_its_number(lake, send):
    deep = '{"a": ' + "[" * 100_000
    lines = ['{"a": 1}', "", "[1]", '{"a": 2}', "nope", '{"a":1,"a":2}', deep, '{"a": "x"}']
    loaded = send("\n".join(lines), types={"a": "integer"})
    assert [row["a"] for row in rows(lake, loaded)] == [1, 2]
    assert [(r["line"], r["reason"]) for r in read_rejects(lake, "t", 0)] == [
        (3, "The line is JSON but not an object"),
        (5, "The line is not JSON"),
        (6, "The line gives a name twice"),
        (7, "The line is not JSON"),
        (8, "a is not integer"),
    ]


def test_lines_are_numbered_on_across_pieces(send, monkeypatch):
    monkeypatch.setattr("concordat.tables.plane.jsonlines._PIECE", 16)
    loaded = send("".join(f'{{"n": {n}}}\n' for n in range(40)) + "no\n" + '{"m": 1}\n')
    assert (loaded.rows, [r.line for r in loaded.rejects]) == (41, [41])
    assert list(types(loaded)) == ["n", "m"]


def test_names_are_only_names_whatever_they_hold(lake, send):
    hostile = {
        "a/b~c": 1,
        "$.x[*]": 2,
        'q"; DROP TABLE ragged; --': 3,
        "it's": 4,
        "*": 5,
        "0": 6,
        "cells": 7,
    }
    assert rows(lake, send(json.dumps(hostile))) == [hostile]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nope\n[1]\n", "No line is a JSON object"),
        ('{\n "a": 1\n}\n', "No line is a JSON object"),
        ("{}\n{}\n", "No line is a JSON object"),
        ('{"a": 1, "A": 2}\n', "both called"),
        ('{"": 1}\n', "Column 1 has no name"),
        ('{"a\\u0000b": 1}\n', "hidden character"),
        ('{"a\\u202eb": 1}\n', "hidden character"),
        (json.dumps({f"k{n}": n for n in range(3000)}), "more than 2,000 names"),
        ("".join(f'{{"k{n}": 1}}\n' for n in range(3000)), "more than 2,000 names"),
        ('{"a": "' + "x" * 17_000_000 + '"}\n', "longer than 16,000,000 bytes"),
        ('{"a": "' + "x" * 17_000_000, "longer than 16,000,000 bytes"),
        (b'{"a": "\xff\xfe"}\n', "not UTF-8"),
    ],
    ids=range(12),
)
def test_json_that_makes_no_table_is_refused_with_the_mend(send, content, says):
    with pytest.raises(BadFile, match=says):
        send(content)


def workbook(*lines, **others):
    book = openpyxl.Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line)
    for name, more in others.items():
        extra = book.create_sheet(name)
        for line in more:
            extra.append(line)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def changed(content, name, text):
    """A workbook with one part of it put in place or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, text)
    return made.getvalue()


def test_a_sheet_is_typed_as_its_cells_are(lake, send):
    head = ["id", "share", "code", "day", "at", "yes", "mixed"]
    one = [1, 0.25, "007", date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), True, 1]
    two = [2, None, "8", date(2026, 1, 3), datetime(2026, 1, 3), False, "x"]
    loaded = send(workbook([], head, one, [], two), "in.xlsx")
    kinds = ["integer", "number", "text", "date", "datetime", "boolean", "text"]
    assert list(types(loaded).values()) == kinds
    assert rows(lake, loaded)[0] == dict(zip(head, [*one[:6], "1"], strict=True))


def test_the_rows_of_a_sheet_that_do_not_fit_keep_their_numbers(send):
    book = workbook(["a", "b"], [1, 2], [], [1, 2, 3], ["x", 4], [5, 6])
    loaded = send(book, "in.xlsx", types={"a": "integer"})
    assert (loaded.rows, [(r.line, r.reason) for r in loaded.rejects]) == (
        2,
        [(4, "More cells than the header has"), (5, "a is not integer")],
    )


def test_another_sheet_is_read_where_it_is_named(lake, send):
    book = workbook(["a"], [1], Second=[["b"], [2]])
    assert rows(lake, send(book, "in.xlsx", sheet="Second")) == [{"b": 2}]
    with pytest.raises(BadFile, match=r"no sheet “Third”[.] Choose from: Sheet, Second"):
        send(book, "in.xlsx", sheet="Third")


PLAIN = workbook(["a"], [1])
SHEET = "xl/worksheets/sheet1.xml"
FAR = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}'
    "</sheetData></worksheet>"
)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (changed(PLAIN, "xl/vbaProject.bin", b"x"), "has macros"),
        (changed(PLAIN, SHEET, bytes(64 * 1024 * 1024)), "unpacks to more than"),
        (changed(PLAIN, SHEET, "no xml"), "damaged|no header|0 columns"),
        (changed(PLAIN, SHEET, FAR.format('<row><c r="XFD1048576"/></row>')), "cells. Save"),
        (changed(PLAIN, SHEET, FAR.format('<row r="1048576">' + "<c/>" * 99 + "</row>")), "cells"),
        (PLAIN[:-40], "damaged|archive"),
        (workbook(), "0 columns"),
        (workbook(["a", "a"], [1, 2]), "both called"),
    ],
    ids=range(8),
)
def test_a_workbook_that_is_harmful_or_no_table_is_refused(send, content, says):
    with pytest.raises(BadFile, match=says):
        send(content, "in.xlsx")
