"""The public page of a dataset that has a table, a dictionary and a use, on two workers."""

from __future__ import annotations

from statistics import median

from bench.load import load
from bench.measure import Row, percentile
from bench.serving import served
from bench.world import build, size
from concordat.kernel.access import PUBLIC
from concordat.marketplace import queries


def run() -> list[Row]:
    """Requests a second and p95 with four connections, and CPU for each request."""
    build()
    entry = queries.register(PUBLIC).first()
    assert entry is not None  # the world has an agreement in force
    address = entry.request.dataset.get_absolute_url()
    with served() as server:
        load(server, address, 40, 4)
        found = [load(server, address, size().requests, 4) for _ in range(size().rounds)]
    rate, cpu = median(one.rate for one in found), median(one.cpu_each for one in found)
    high = median(percentile(one.seconds, 0.95) for one in found)
    ours = f"{rate:.0f} a second, p95 {1000 * high:.0f} ms; CPU {cpu:.2f} ms"
    fits = f"by CPU alone, 2 cores would give {2000 / cpu:.0f} a second"
    return [Row("dataset page, 2 workers", ours, fits, "", "150 a second, p95 < 40 ms")]
