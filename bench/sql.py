"""The SQL door by a warm API call, beside bare DuckDB in process over the same Parquet files.

What the door adds is the HTTP call, the gate, a process forked for the query, the engine locked
down, and the entries of the log.
"""

from __future__ import annotations

import http.client
import json

import duckdb

from bench import agreed
from bench.measure import Row, milliseconds, once, percentile
from bench.serving import Server, served
from bench.world import build, size
from concordat.tables.deliver import parts_of

QUERIES = {
    "one row": "SELECT id FROM {t} LIMIT 1",
    "a sum by area": "SELECT area, sum(value) AS value FROM {t} GROUP BY area",
    "a filter and the highest ten": "SELECT * FROM {t} WHERE value > 500 ORDER BY value DESC LIMIT 10",
}


def run() -> list[Row]:
    """The median and 95th percentile of each query by either way, in turns."""
    people = build()
    share = agreed.share(people, size().rows, "sql")
    token = agreed.token(people)
    files = [str(part.path) for part in parts_of(share)]
    engine = duckdb.connect(config={"threads": 2})
    rows = []
    with served() as server:
        for name, sql in QUERIES.items():
            ours, bare = [], []
            for turn in range(size().requests // 4 + 4):
                door = once(lambda sql=sql: _ask(server, token, sql.format(t=share.table.name)))
                peer = once(
                    lambda sql=sql: engine.sql(sql.format(t=f"read_parquet({files})")).fetchall()
                )
                if turn >= 4:  # each worker starts its own engine first
                    ours.append(door)
                    bare.append(peer)
            added = 1000 * (percentile(ours, 0.5) - percentile(bare, 0.5))
            rows.append(
                Row(
                    f"SQL door, {size().rows:,} rows: {name}",
                    milliseconds(ours),
                    f"bare DuckDB: {milliseconds(bare)}",
                    f"+{added:.0f} ms",
                    "< +100 ms",
                )
            )
    return rows


def _ask(server: Server, token: str, sql: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/sql", json.dumps({"sql": sql}), headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(body.decode())
