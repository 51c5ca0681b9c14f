"""Asking a server: so many connections that are kept open, each with one request at a time."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.serving import Server


@dataclass(frozen=True)
class Load:
    """What came of it: each request's seconds, the whole, and the CPU that the server spent."""

    seconds: list[float]
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.wall

    @property
    def cpu_each(self) -> float:
        """Milliseconds of the server's CPU for one request."""
        return 1000 * self.cpu / len(self.seconds)


def load(server: Server, path: str, requests: int, connections: int = 1) -> Load:
    """Ask for `path` so often. Raises RuntimeError for an answer that is not 200."""
    before, start = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        each = requests // connections
        parts = list(pool.map(lambda _: _ask(server.port, path, each), range(connections)))
    wall = time.perf_counter() - start
    return Load([one for part in parts for one in part], wall, server.cpu() - before)


def _ask(port: int, path: str, times: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = []
    for _ in range(times):
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        found.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    connection.close()
    return found
