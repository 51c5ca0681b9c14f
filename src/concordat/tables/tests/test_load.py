"""Loading files: what fits is typed, what does not is kept with its reason, and nothing is half done."""

from __future__ import annotations

import csv
import gzip
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake.exceptions import DeltaError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.kernel.doors.exports import defused
from concordat.kernel.files.packed import BadFile
from concordat.tables.plane import infer
from concordat.tables.plane import lake as plane_lake
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import connect, open_table
from concordat.tables.plane.ingest import load, read_rejects
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.language import parse
from concordat.tables.plane.policy import Policy, PolicyError
from concordat.tables.plane.predicate import PredicateError, from_data, keeps, to_data
from concordat.tables.plane.streams import Csv, Cut, Tally, stream


@pytest.fixture
def lake(tmp_path):
    return Lake(str(tmp_path / "tables"), tmp_path / "work")


def write(folder, text, name="in.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(lake, loaded, policy=None):
    policy = policy or Policy(tuple(c.name for c in loaded.columns))
    relation = open_table(lake, "t", loaded.version, loaded.columns, policy)
    found = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    return found


def test_types_are_those_that_fit_every_cell(lake, tmp_path):
    text = "id,code,day,amount,name,yes\n1,007,2026-01-31,1.50,Ynys Môn,true\n2,010,2026-02-01,2,,false\n"
    loaded = load(lake, "t", write(tmp_path, text))
    kinds = {c.name: c.type for c in loaded.columns}
    assert kinds == {
        "id": "integer",
        "code": "text",
        "day": "date",
        "amount": "number",
        "name": "text",
        "yes": "boolean",
    }
    assert rows_of(lake, loaded)[1]["name"] is None


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ","), ("utf-16", "\t"), ("utf-8", "|")],
)
def test_encodings_and_delimiters_are_found(lake, tmp_path, encoding, delimiter):
    text = delimiter.join(("name", "sum")) + "\n" + delimiter.join(("Café £", "12")) + "\n"
    loaded = load(lake, "t", write(tmp_path, text, encoding=encoding))
    assert rows_of(lake, loaded) == [{"name": "Café £", "sum": 12}]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("a,A\n1,2\n", "both called"),
        ("a,\n1,2\n", "Column 2 has no name"),
        ("a\u202eb,c\n1,2\n", "hidden character"),
        ("\uff21,A\n1,2\n", "both called"),
        ("a" * 300 + ",b\n1,2\n", "longer than 255"),
        (",".join(f"c{n}" for n in range(3000)) + "\n", "3,000 columns"),
        ("a,b\n1,\0\n", "is zero"),
    ],
)
def test_a_bad_header_is_refused_with_its_place(lake, tmp_path, text, says):
    with pytest.raises(BadFile, match=says):
        load(lake, "t", write(tmp_path, text))
    assert not Path(lake.address("t")).exists()


def test_ragged_rows_are_kept_aside_with_line_and_reason(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n"))
    assert (loaded.rows, loaded.rejected) == (2, 2)
    assert [(r["line"], r["text"]) for r in read_rejects(lake, "t", 0)] == [(3, "3"), (4, "4,5,6")]


def test_a_cell_that_does_not_fit_the_type_asked_for_costs_its_row_alone(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n1,x\ntwo,y\n3,z\n"), types={"a": "integer"})
    assert [r["a"] for r in rows_of(lake, loaded)] == [1, 3]
    assert loaded.rejects[0].line == 3
    assert "a is not integer" in loaded.rejects[0].reason


def test_formulas_are_kept_as_data_and_defused_on_the_way_out(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n=1+1,-5\n@x,+4\n"))
    assert rows_of(lake, loaded)[0]["a"] == "=1+1"
    relation = open_table(lake, "t", 0, loaded.columns, Policy(("a",)))
    text = b"".join(stream(relation, Csv(defused), lambda: True, Tally())).decode()
    assert [row[0] for row in csv.reader(text.splitlines())] == ["a", "'=1+1", "'@x"]


def test_parquet_comes_in_with_its_own_types(lake, tmp_path):
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"n": [1, None], "s": ["a", "b"]}), path)
    assert rows_of(lake, load(lake, "t", path)) == [{"n": 1, "s": "a"}, {"n": None, "s": "b"}]
    path.write_bytes(path.read_bytes()[:20] + b"PAR1")
    with pytest.raises(BadFile):
        load(lake, "t", path)


def test_packed_files_come_in_and_bombs_do_not(lake, tmp_path):
    packed = tmp_path / "in.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert load(lake, "t", packed).rows == 1
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in.csv", b"a,b\n" + b"0" * 200_000_000)
    with pytest.raises(BadFile, match="times its size"):
        load(lake, "t", bomb)
    two = tmp_path / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
        archive.writestr("b.csv", "a\n1\n")
    with pytest.raises(BadFile, match="holds 2 files"):
        load(lake, "t", two)
    assert list(lake.staging().iterdir()) == []


def test_a_full_disk_leaves_the_last_version_and_no_litter(lake, tmp_path, monkeypatch):
    load(lake, "t", write(tmp_path, "a,b\n1,2\n"))

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("concordat.tables.plane.lake.write_deltalake", full)
    with pytest.raises(BadFile, match="disk is full"):
        load(lake, "t", write(tmp_path, "a,b\n3,4\n"))
    monkeypatch.undo()
    assert lake.open("t").version() == 0
    assert list(lake.staging().iterdir()) == []


def test_kill_9_in_the_middle_of_a_load_leaves_the_last_version_readable(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n1,2\n"))
    big = tmp_path / "big.csv"
    with big.open("w") as out:
        out.write("a,b\n")
        for number in range(1_500_000):
            out.write(f"{number},{number * 2}\n")
    script = f"""
        from pathlib import Path
        from concordat.tables.plane.lake import Lake
        from concordat.tables.plane.ingest import load
        lake = Lake({lake.root!r}, Path({str(lake.work)!r}))
        load(lake, "t", Path({str(big)!r}), progress=lambda *told: print(told, flush=True))
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE
    )
    child.stdout.readline()
    time.sleep(0.3)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    version = lake.open("t").version()
    if version == 0:
        assert rows_of(lake, loaded) == [{"a": 1, "b": 2}]
    lake.sweep(older_than=-1)
    assert list(lake.staging().iterdir()) == []
    again = load(lake, "t", write(tmp_path, "a,b\n5,6\n"))
    assert rows_of(lake, again) == [{"a": 5, "b": 6}]


def test_later_rows_decide_a_type_that_the_first_do_not_tell(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(infer, "_FIRST", 2)
    text = "a,b,c,d,e\n1,,2020-01-01,true,\n2,,2020-01-02,false,\n3x,5,2020-01-03,maybe,\n"
    loaded = load(lake, "t", write(tmp_path, text))
    assert [c.type for c in loaded.columns] == ["text", "integer", "date", "text", "text"]
    assert [row["a"] for row in rows_of(lake, loaded)] == ["1", "2", "3x"]
    files = [Path(address) for address, _ in lake.files("t", 0)]
    assert (loaded.version, files) == (0, list(Path(lake.address("t")).glob("*.parquet")))


ODD = (
    f"|0|-0|007|12|1e5| 1|1_0|{'9' * 18}|{'9' * 19}|1.50|true|TRUE|tRue|t|2020-02-29|2021-02-29|2020-1-1"
    "|2020/01/01|0000-01-01|10000-01-01|infinity|2020-01-01 10:00|2020-01-01T10:00:00|a|{0}"
)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_types_guessed_from_the_first_rows_are_those_of_every_row(data):
    cells = st.sampled_from(ODD.split("|"))
    rows = data.draw(st.lists(cells, min_size=1, max_size=6))
    values = ", ".join(f"(nullif('{cell}', ''))" for cell in rows)
    source = f'(VALUES {values}) AS v("{{0}}")'
    with connect() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(infer, "_FIRST", data.draw(st.integers(1, 6)))
        full = infer.infer(connection, source, ("{0}",))
        select, columns = infer.guessed(connection, source, ("{0}",))
        try:
            found = connection.execute(select).fetchall()
        except duckdb.Error:
            return  # it says so itself
        name = f'TRY_CAST("{{0}}" AS {full[0].duckdb})'
        assert columns == full
        assert found == connection.execute(f"SELECT {name} FROM {source}").fetchall()


def test_nothing_is_left_of_a_version_that_fails_on_the_way(lake, monkeypatch):
    monkeypatch.setattr(plane_lake, "FILE_BYTES", 1000)
    batch = pa.record_batch({"a": list(range(100_000))})

    def rows(fail: bool) -> pa.RecordBatchReader:
        def batches():
            yield batch
            yield batch
            if fail:
                raise RuntimeError("the file ends here")

        return pa.RecordBatchReader.from_batches(batch.schema, batches())

    def held() -> set[str]:
        return {path.name for path in Path(lake.address("t")).glob("*.parquet")}

    for version in range(2):
        with pytest.raises(DeltaError):
            lake.write("t", lambda: rows(True))
        assert held() == {Path(a).name for n in range(version) for a, _ in lake.files("t", n)}
        assert lake.write("t", lambda: rows(False)) == version


def test_a_stream_stops_when_the_share_does(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n" + "1,2\n" * 200_000))
    relation = open_table(lake, "t", 0, loaded.columns, Policy(("a",)))
    asked = []

    def allowed():
        asked.append(1)
        return len(asked) < 2

    tally = Tally()
    with pytest.raises(Cut):
        for _piece in stream(relation, Csv(defused), allowed, tally):
            pass
    assert (tally.whole, 0 < tally.rows < 200_000) == (False, True)


COLUMNS = [Column("n", "integer"), Column("s", "text"), Column("f", "number"), Column("h", "text")]
VALUES = {
    "n": st.integers(-3, 3),
    "s": st.sampled_from(["a", "b", "it's", 'quo"te', "%"]),
    "f": st.sampled_from([-1.5, 0.0, 2.25]),
}


@st.composite
def comparisons(draw):
    name = draw(st.sampled_from(["n", "s", "f"]))
    op = draw(st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "in", "between", "empty"]))
    count = {"empty": 0, "between": 2, "in": draw(st.integers(1, 3))}.get(op, 1)
    return {"column": name, "op": op, "values": [draw(VALUES[name]) for _ in range(count)]}


predicates = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(lambda x: {"not": x}, inner),
        st.builds(lambda xs: {"all": xs}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda xs: {"any": xs}, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
tables = st.lists(
    st.fixed_dictionaries(
        {**{k: st.none() | v for k, v in VALUES.items()}, "h": st.just("hidden")}
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables, predicates, st.sets(st.sampled_from(["n", "s", "f"]), min_size=1))
def test_no_row_column_or_value_outside_the_policy_ever_comes_out(tmp_path, rows, data, allowed):
    lake = Lake(str(tmp_path / f"l{time.time_ns()}"), tmp_path / "w")
    schema = pa.schema(
        [("n", pa.int64()), ("s", pa.string()), ("f", pa.float64()), ("h", pa.string())]
    )
    table = pa.Table.from_pylist(rows, schema=schema)
    version = lake.write("t", table.to_reader)
    predicate = from_data(data)
    assert from_data(to_data(predicate)) == predicate
    policy = Policy(tuple(sorted(allowed)), predicate)
    assert Policy.from_data(policy.to_data()) == policy
    relation = open_table(lake, "t", version, COLUMNS, policy)
    got = [row for batch in relation.batches() for row in batch.to_pylist()]
    expected = [{k: r[k] for k in sorted(allowed)} for r in rows if keeps(predicate, r) is True]
    key = lambda row: str(sorted(row.items(), key=str))  # noqa: E731
    assert sorted(got, key=key) == sorted(expected, key=key)


@given(st.text(max_size=80))
def test_no_text_breaks_the_language(text):
    try:
        parse(text, COLUMNS)
    except PredicateError as error:
        assert str(error)


@pytest.mark.parametrize(
    "text",
    [
        "n = 1; DROP TABLE t",
        "n = (SELECT 1)",
        "read_csv('x') = 1",
        "n in ()",
        "s starts with 3",
        "n = 'one'",
        "(" * 50 + "n = 1" + ")" * 50,
        " or ".join(["n = 1"] * 1000),
    ],
)
def test_what_is_not_a_condition_is_refused(text):
    with pytest.raises(PredicateError):
        parse(text, COLUMNS)


def test_a_policy_whose_column_is_gone_delivers_nothing(lake, tmp_path):
    loaded = load(lake, "t", write(tmp_path, "a,b\n1,2\n"))
    with pytest.raises(PolicyError, match="no longer has"):
        open_table(lake, "t", 0, loaded.columns, Policy(("a", "salary")))
