"""The API's list of 20 through the whole product, beside a bare ninja endpoint on the same rows."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.load import Load, load
from bench.measure import Row, percentile
from bench.serving import Server, served
from bench.world import build, size

PEERS = {"whole": "bare ninja", "only": "bare ninja, only the columns shown"}


def run() -> list[Row]:
    """CPU and latency of each, and the ratios of their medians over interleaved rounds."""
    build()
    with served() as ours, served("bench.bare:application") as bare:
        asked: dict[str, Callable[[], Load]] = {
            "ours": lambda: load(ours, "/api/v1/datasets", size().requests),
            **{name: (lambda n=name: load(bare, f"/{n}", size().requests)) for name in PEERS},
        }
        assert _get(ours, "/api/v1/datasets")["items"] == _get(bare, "/whole")
        for ask in asked.values():
            ask()
        told: dict[str, list[Load]] = {name: [] for name in asked}
        for _ in range(size().rounds):
            for name, ask in asked.items():
                told[name].append(ask())
    rows = []
    for name, words in PEERS.items():
        cpu = _cpu(told["ours"]) / _cpu(told[name])
        wall = _middle(told["ours"]) / _middle(told[name])
        ratio = f"{cpu:.2f} (CPU), {wall:.2f} (p50)"
        row = Row("API list of 20", _said(told["ours"]), f"{words}: {_said(told[name])}", ratio)
        rows.append(row if rows else Row(row.what, row.ours, row.peer, ratio, "≤ 1.5"))
    return rows


def _get(server: Server, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path)
    return json.loads(connection.getresponse().read())


def _cpu(loads: list[Load]) -> float:
    return median(one.cpu_each for one in loads)


def _middle(loads: list[Load]) -> float:
    return median(percentile(one.seconds, 0.5) for one in loads)


def _said(loads: list[Load]) -> str:
    return f"CPU {_cpu(loads):.2f} ms, p50 {1000 * _middle(loads):.1f} ms"
