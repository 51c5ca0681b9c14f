"""Search over HTTP for a word that most records hold, beside SQLite FTS5 and PostgreSQL.

Ours is asked through its API on two workers and answers the exact count, six facets and 20 results
with the words marked. The peers are asked in this process, without HTTP, for the exact count, three
facets and the 20 best.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.load import load
from bench.measure import Row, milliseconds, once, percentile
from bench.serving import served
from bench.world import size
from concordat.demo.world.catalogue import Plan, many
from concordat.kernel.search.document import Document
from concordat.kernel.search.follow import index
from tests import postgres

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS: Final = ("title", "body", "owner", "theme", "licence")
FACETS: Final = COLUMNS[2:]


def run() -> list[Row]:
    """p50 and p95 of each."""
    plans = list(many(7, size().records))
    built = once(lambda: index().write((_document(n, p) for n, p in enumerate(plans)), (), 0))
    index().close()
    lite = _fts5(plans)
    what = f"search of {len(plans):,}, a common word, count and facets, over HTTP"
    with served() as server, _postgres(plans) as pg:
        load(server, "/api/v1/search?q=data", 20, 2)
        seconds, cpu = [], []
        theirs: dict[str, list[float]] = {"FTS5": [], "PostgreSQL": []}
        for _ in range(size().rounds):
            found = load(server, "/api/v1/search?q=data", 40)
            seconds += found.seconds
            cpu.append(found.cpu_each)
            theirs["FTS5"] += [once(lambda: _ask_fts5(lite)) for _ in range(3)]
            theirs["PostgreSQL"] += [once(lambda: _ask_postgres(pg)) for _ in range(3)]
    postgres.stop()
    ours = f"{milliseconds(seconds)}; CPU {sorted(cpu)[len(cpu) // 2]:.1f} ms"
    rows = [Row(what, ours, target="p95 < 50 ms")]
    for name, times in theirs.items():
        ratio = percentile(seconds, 0.95) / percentile(times, 0.95)
        rows.append(Row("", "", f"{name}, in process: {milliseconds(times)}", f"{ratio:.2f} (p95)"))
    return [*rows, Row("building that index", f"{len(plans) / built:,.0f} records a second")]


def _row(plan: Plan) -> tuple[str, ...]:
    values = plan.values
    words = (values["title"], values["description"])
    return (*words, plan.owner, values["themes"][0], values["licence"])


def _fts5(plans: list[Plan]) -> sqlite3.Connection:
    lite = sqlite3.connect(Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"])) / "fts")
    facets = ", ".join(f"{name} UNINDEXED" for name in FACETS)
    lite.execute(f"CREATE VIRTUAL TABLE d USING fts5(title, body, {facets}, tokenize = 'porter')")
    lite.executemany("INSERT INTO d VALUES (?,?,?,?,?)", map(_row, plans))
    lite.execute("INSERT INTO d(d) VALUES ('optimize')")
    lite.commit()
    return lite


def _ask_fts5(lite: sqlite3.Connection) -> None:
    matching = "FROM d WHERE d MATCH 'data'"
    _ask(lite.execute, f"SELECT rowid {matching} ORDER BY rank LIMIT 20", matching)


def _postgres(plans: list[Plan]) -> psycopg.Connection[Any]:
    pg = psycopg.connect(postgres.address(Path(tempfile.mkdtemp())), autocommit=True)
    vector = "tsvector GENERATED ALWAYS AS (to_tsvector('english', title || ' ' || body)) STORED"
    names = ", ".join(f"{name} text" for name in COLUMNS)
    pg.execute("DROP TABLE IF EXISTS bench")
    pg.execute(f"CREATE TABLE bench ({names}, words {vector})".encode())
    with pg.cursor().copy(f"COPY bench ({', '.join(COLUMNS)}) FROM STDIN".encode()) as copy:
        for plan in plans:
            copy.write_row(_row(plan))
    pg.execute("CREATE INDEX ON bench USING gin (words)")
    pg.execute("VACUUM ANALYZE bench")
    return pg


def _ask_postgres(pg: psycopg.Connection[Any]) -> None:
    query = "to_tsquery('english', 'data')"
    matching = f"FROM bench WHERE words @@ {query}"
    best = f"SELECT title {matching} ORDER BY ts_rank(words, {query}) DESC LIMIT 20"
    _ask(lambda sql: pg.execute(sql.encode()), best, matching)


def _ask(execute: Callable[[str], Any], best: str, matching: str) -> None:
    """The same question to either: the 20 best, the count, three facets."""
    execute(best).fetchall()
    execute(f"SELECT count(*) {matching}").fetchall()
    for name in FACETS:
        execute(f"SELECT {name}, count(*) {matching} GROUP BY 1").fetchall()


def _document(number: int, plan: Plan) -> Document:
    values = plan.values
    return Document(
        kind="dataset",
        id=number + 10**9,
        reference=f"DS-{number}",
        title=values["title"],
        summary=values["summary"],
        body=values["description"],
        keywords=tuple(values["keywords"]),
        facets={
            "organisation": (plan.owner,),
            "theme": tuple(values["themes"]),
            "licence": (values["licence"],),
        },
        audience=frozenset({"public"}),
        modified=NOW,
    )
