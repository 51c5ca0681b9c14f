"""Apache Spark on a master with two workers yields what DuckDB does, for whatever policy."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from datetime import date
from importlib.util import find_spec

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from concordat.tables.plane import spark
from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import pads, select, shown
from concordat.tables.plane.dialect import Spark
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy, Sample
from concordat.tables.plane.predicate import Compare
from concordat.tables.plane.prepare import prepare
from concordat.tables.plane.spark import Cluster
from concordat.tables.tests.test_policy import CELLS, COLUMNS, KEY, SCHEMA, canonical, policies

pytestmark = [pytest.mark.once, pytest.mark.spark]
MASTER = "local-cluster[2,1,1024]"  # a master and two workers, each with an executor of its own
tables = st.lists(
    st.fixed_dictionaries({name: st.none() | cells for name, cells in CELLS.items()}), max_size=25
)
# Each example is a table and many policies, which Spark answers in one job.
FEW = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True, scope="module")
def here(request):
    if request.config.getoption("markexpr") != "spark":
        pytest.skip("Apache Spark is tried apart, by `make spark`")
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (make spark installs it)")
    java = shutil.which("java") and subprocess.run(["java", "-version"], capture_output=True)
    found = re.search(rb'version "(\d+)', java.stderr) if java else None
    if not found or int(found[1]) < 17:
        pytest.skip("Apache Spark needs Java 17 or newer")


@pytest.fixture(scope="module")
def session(here):
    session = spark.started(MASTER)
    yield session
    session.stop()


def test_two_workers_do_the_work(session):
    deadline = time.monotonic() + 120
    known = session.sparkContext._jsc.sc().getExecutorMemoryStatus
    while known().size() < 3 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert known().size() == 3  # the driver and two


def answers(session, lake, version, columns, asked):
    """The rows that Spark yields for each policy, by one job: each column by its name and type."""
    spark.opened(session, [str(path) for path in lake.fetch("t", version, lake.work)], columns)
    every = None
    for place, policy in enumerate(asked):
        one = session.sql(select(policy, columns, spark.STORED, Spark(pads(KEY))))
        one = one.toDF(*(f"{c.name}|{c.type}" for c in shown(policy, columns)))
        one = one.selectExpr(f"{place} AS place", "*")
        every = one if every is None else every.unionByName(one, allowMissingColumns=True)
    rows = [[] for _ in asked]
    for row in every.toArrow().to_pylist():
        kept = shown(asked[row["place"]], columns)
        rows[row["place"]].append({c.name: row[f"{c.name}|{c.type}"] for c in kept})
    return rows


def by_duckdb(lake, version, columns, policy):
    relation = open_table(lake, "t", version, columns, policy, KEY)
    rows = [row for batch in relation.batches() for row in batch.to_pylist()]
    relation.close()
    return rows


def agree(session, lake, version, columns, asked):
    for policy, rows in zip(asked, answers(session, lake, version, columns, asked), strict=True):
        expected = by_duckdb(lake, version, columns, policy)
        assert canonical(rows) == canonical(expected), policy.sentence()


@FEW
@given(tables.filter(bool), st.lists(policies(), min_size=20, max_size=25))
def test_duckdb_and_spark_yield_the_same_rows_codes_and_samples(
    session, tmp_path_factory, rows, asked
):
    lake = Lake(str(tmp_path_factory.mktemp("lake")), tmp_path_factory.mktemp("work"))
    version = lake.write("t", pa.Table.from_pylist(rows, schema=SCHEMA).to_reader)
    agree(session, lake, version, COLUMNS, asked)


TEXTS = ["it's", "\\", "\\n", "\n", "😀😀x", "😀", "é", "${x}", "%", "", None, "--", "/*"]
NUMBERS = [float("nan"), float("inf"), -float("inf"), -0.0, 0.0, None, 5e-324, -7.5, 1, 2, 3, 4, 9]


def test_names_texts_and_numbers_that_engines_disagree_about(session, tmp_path):
    columns = [Column("a`b \"c\" 'd', e=f.g", "text"), Column("N", "number"), Column("d", "date")]
    days = [date(1, 1, 1), date(1582, 10, 4), date(1582, 10, 15), date(9999, 12, 31), None] * 3
    lake = Lake(str(tmp_path / "{b} c"), tmp_path / "w")
    rows = pa.table({columns[0].name: TEXTS, "N": pa.array(NUMBERS, pa.float64()), "d": days[:13]})
    version = lake.write("t", rows.to_reader)
    every = tuple(column.name for column in columns)
    tests = [
        Compare(every[0], op, (text,))
        for op in ("eq", "lt", "starts")
        for text in TEXTS
        if text is not None
    ]
    tests += [
        Compare("N", op, (value,)) for op in ("eq", "gt", "le", "ne") for value in (0.0, 4.0, 100)
    ]
    tests.append(Compare("N", "in", tuple(float(n) for n in range(12))))
    tests += [Compare("d", op, ("1582-10-10",)) for op in ("lt", "ge")]
    masks = [(Mask(every[0], "start", 2), Mask("N", "round", 3), Mask("d", "month")),
             (Mask(every[0], "hash"), Mask("N", "hide"), Mask("d", "hash"))]  # fmt: skip
    asked = [Policy(every, test) for test in tests]
    asked += [
        Policy(every, masks=each, sample=by) for each in masks for by in (None, Sample("d", 50))
    ]
    agree(session, lake, version, columns, asked)


POLICY = Policy(
    ("n", "s", "at", "d", "fee", "f", "ok"),
    Compare("n", "ge", (10,)),
    masks=(Mask("s", "hash"), Mask("d", "year")),
    sample=Sample("n", 60),
)


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    lake = Lake(str(tmp_path / "lake"), tmp_path / "work")
    source = {
        name: pa.nulls(500, kind.type) for name, kind in zip(SCHEMA.names, SCHEMA, strict=True)
    }
    source |= {"n": list(range(500)), "s": [f"AB{n}" for n in range(500)]}
    version = lake.write("t", pa.table(source, schema=SCHEMA).to_reader)
    return lake, version


def test_an_extract_by_spark_is_laid_as_one_by_duckdb(loaded, tmp_path):
    lake, version = loaded
    parts = prepare(lake, "t", version, COLUMNS, POLICY, KEY, Cluster(MASTER, 1))
    here = Lake(lake.root, tmp_path / "elsewhere")
    expected = prepare(here, "t", version, COLUMNS, POLICY, KEY, Cluster(MASTER, 10**9))
    assert [(part.number, part.path.name, part.rows) for part in parts] == [
        (part.number, part.path.name, part.rows) for part in expected
    ]
    read = [pq.read_table(each[0].path) for each in (parts, expected)]
    assert read[0].schema.equals(read[1].schema)
    assert canonical(read[0].to_pylist()) == canonical(read[1].to_pylist())
    assert sorted(p.name for p in parts[0].path.parent.iterdir()) == ["00000.parquet", "_done"]
    assert parts[0].stats == expected[0].stats
    assert list(lake.staging().iterdir()) == []


def test_a_cluster_that_fails_leaves_nothing_and_tells_no_key(loaded, capfd):
    lake, version = loaded
    with pytest.raises(TableError, match="Spark could not prepare"):
        prepare(lake, "t", version, COLUMNS, POLICY, KEY, Cluster("nowhere", 1))
    assert list(lake.staging().iterdir()) == []
    assert not list((lake.work / "extracts").glob("*/"))
    told = capfd.readouterr()
    assert not any(pad.hex() in (told.out + told.err).lower() for pad in pads(KEY).values())


def test_a_plan_that_is_told_of_shows_no_key(session, loaded):
    lake, version = loaded
    spark.opened(session, [str(path) for path in lake.fetch("t", version, lake.work)], COLUMNS)
    asked = session.sql(select(POLICY, COLUMNS, spark.STORED, Spark(pads(KEY))))
    told = asked._jdf.queryExecution().toString().lower()
    assert not any(pad.hex() in told for pad in pads(KEY).values())
