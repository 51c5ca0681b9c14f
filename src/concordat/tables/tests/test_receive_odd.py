"""Files as people send them: odd line ends, odd types, odd names, and no table at all."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concordat.kernel.doors.exports import defused
from concordat.kernel.files.packed import BadFile
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.ingest import load, read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.streams import Arrow, Csv, Tally, stream


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "tables"), tmp_path / "work")


@pytest.fixture
def send(lake, tmp_path):
    def sent(content, **options):
        path = tmp_path / "in.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load(lake, "t", path, **options)

    return sent


@pytest.fixture
def rows(lake):
    def read(loaded):
        policy = Policy(tuple(c.name for c in loaded.columns))
        relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
        found = [row for batch in relation.batches() for row in batch.to_pylist()]
        relation.close()
        return found

    return read


TWO = [{"a": "x", "b": 1}, {"a": "y", "b": 2}]


@pytest.mark.parametrize(
    "text",
    ["a,b\r\nx,1\ny,2\r\n", "a,b\nx,1\r\ny,2\n", "a,b\rx,1\ry,2\r", "a,b\r\nx,1\r\ny,2\r\n"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lines_may_end_in_any_way_and_in_several(send, rows, text, encoding):
    assert rows(send(text.encode(encoding))) == TWO


def test_a_line_end_on_the_edge_of_a_piece_is_kept_whole(send, rows, monkeypatch):
    monkeypatch.setattr("concordat.tables.plane.received.PIECE", 4)
    assert rows(send("a,b\r\nx,1\ny,2\r\n")) == TWO


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a" * 200_000 + ",b\n1,2\n", "header cannot be read|longer than 255"),
        ("<!DOCTYPE html>\n<table>\n<tr></tr></table>\n", "HTML, XML or a JSON"),
        ('[\n{"a": 1, "b": 2}\n]\n', "a JSON list"),
        ("a,b\n1\n2\n", "None of the 2 rows fits. Line 2: Missing columns"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_is_stored(send, lake, text, says):
    with pytest.raises(BadFile, match=says):
        send(text)
    with pytest.raises(Exception, match="cannot be opened"):
        lake.open("t")


def test_a_header_alone_is_a_table_without_rows(send):
    assert (send("a,b\n").rows, send("a,b\n").rejected) == (0, 0)


def test_a_damaged_lzma_archive_is_a_bad_file(send, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("in.csv", "a,b\n1,2\n" * 1000)
    whole = path.read_bytes()
    assert send(whole).rejected == 0
    with pytest.raises(BadFile, match="archive is damaged"):
        send(whole[:60] + bytes(40) + whole[100:])


def test_every_line_that_does_not_fit_is_counted_and_kept(send, lake):
    loaded = send("a,b\n1,2\n" + "x\n" * 150_000)
    assert (loaded.rows, loaded.rejected, len(loaded.rejects)) == (1, 150_000, 1000)
    kept = read_rejects(lake, "t", loaded.version)
    assert [row["line"] for row in kept] == list(range(3, 150_003))


def test_a_ragged_row_counts_once_and_line_numbers_are_those_of_the_file(send, lake):
    text = 'a,b\n"x\ny\nz",2\n1,2,3,4,5\n\nq,w,e\n"k\nl",two\nm,three\nn,4\n'
    loaded = send(text, types={"b": "integer"})
    assert (loaded.rows, loaded.rejected) == (2, 4)
    kept = read_rejects(lake, "t", loaded.version)
    assert [(row["line"], row["reason"]) for row in kept] == [
        (5, "Too many columns"),
        (7, "Too many columns"),
        (8, "b is not integer"),
        (10, "b is not integer"),
    ]
    assert [row["text"] for row in kept][:2] == ["1,2,3,4,5", "q,w,e"]


def test_line_numbers_hold_where_empty_lines_are_rows(send, lake):
    loaded = send("a\n\n1\n\ntwo\n", types={"a": "integer"})
    assert [row["line"] for row in read_rejects(lake, "t", loaded.version)] == [5]


@pytest.fixture
def parquet(lake, tmp_path):
    def sent(columns):
        path = tmp_path / "in.parquet"
        pq.write_table(pa.table(columns), path)
        return load(lake, "t", path)

    return sent


def test_a_parquet_column_without_a_type_becomes_text(parquet, rows):
    loaded = parquet({"a": pa.nulls(2), "b": [1, 2]})
    assert [c.type for c in loaded.columns] == ["text", "integer"]
    assert rows(loaded) == [{"a": None, "b": 1}, {"a": None, "b": 2}]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([time(1, 2)]),
        pa.array([b"x"]),
        pa.array([[1]]),
        pa.array([Decimal(1)], pa.decimal256(60, 0)),
    ],
)
def test_a_parquet_type_that_is_not_taken_is_named_with_its_column(parquet, column):
    with pytest.raises(BadFile, match=r"Column “odd” holds .* which is not taken"):
        parquet({"a": [1], "odd": column})


@pytest.mark.parametrize("name", ["file_row_number", "row", "filename", "stored"])
def test_a_column_may_have_a_name_the_engine_uses(send, rows, parquet, name):
    assert rows(send(f"{name},b\nx,1\n")) == [{name: "x", "b": 1}]
    assert rows(parquet({name: ["x"], "b": [1]})) == [{name: "x", "b": 1}]


CHILD = """
    from pathlib import Path
    from concordat.tables.plane.engine import open_table
    from concordat.tables.plane.ingest import load
    from concordat.tables.plane.lake import Lake
    from concordat.tables.plane.policy import Policy
    {before}
    lake = Lake({root!r}, Path({work!r}))
    try:
        loaded = load(lake, "t", Path({source!r}))
        relation = open_table(lake, "t", loaded.version, loaded.columns, Policy(("at",)))
        print([row for batch in relation.batches() for row in batch.to_pylist()][:1])
    except Exception as error:
        print(type(error).__name__, error)
"""


def _elsewhere(lake, source, before="", **environment):
    script = CHILD.format(root=lake.root, work=str(lake.work), source=str(source), before=before)
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_time_with_a_zone_is_the_same_on_every_host(lake, tmp_path, zone):
    source = tmp_path / "in.parquet"
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    pq.write_table(pa.table({"at": pa.array([moment], pa.timestamp("us", "Europe/Paris"))}), source)
    assert "2026, 7, 1, 12, 0)" in _elsewhere(lake, source, TZ=zone)


@pytest.mark.parametrize("most", [20_000, 300_000, 1_000_000])
def test_a_full_disk_is_called_that_wherever_it_is_met(lake, tmp_path, most):
    """A limit on the size of files stands for the disk: staging, spilling or storing meets it."""
    source = tmp_path / "in.csv"
    with source.open("w") as out:
        out.write("at,b\n")
        out.writelines(f"{os.urandom(8).hex()},{n}\n" for n in range(120_000))
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    assert "BadFile The disk is full" in _elsewhere(lake, source, limit)
    assert list(lake.staging().iterdir()) == []


def test_names_and_cells_are_defused_as_on_every_other_door(send, lake):
    cells = ["=1", "\n=1", "＝1", "  +x", "-5", "é=", "'q", "\t1", "plain"]
    out = io.StringIO()
    csv.writer(out).writerows([["=name", "b"], *([cell, "1"] for cell in cells)])
    loaded = send(out.getvalue())
    policy = Policy(("=name",))
    relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
    text = b"".join(stream(relation, Csv(defused), lambda: True, Tally())).decode()
    got = [row[0] for row in csv.reader(io.StringIO(text, newline=""))]
    assert got == [defused(value) for value in ["=name", *cells]]
    assert got[:4] == ["'=name", "'=1", "'\n=1", "'＝1"]


def test_an_arrow_stream_without_rows_says_its_columns(send, lake):
    loaded = send("a,b\n1,x\n")
    loaded = send("a,b\n")
    relation = open_table(lake, "t", loaded.version, loaded.columns, Policy(("b", "a")))
    sent = b"".join(stream(relation, Arrow(), lambda: True, Tally()))
    found = pa.ipc.open_stream(sent).read_all()
    assert (found.column_names, found.num_rows) == (["b", "a"], 0)
