"""The lake of this installation: where its tables live and where this host works on them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from concordat.kernel.files.store import store
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.prepare import evict
from concordat.tables.plane.spark import Cluster


@cache
def lake() -> Lake:
    """The tables in the store, and a work folder of this host."""
    held = store()
    work = Path(settings.DATA_DIR) / "work"
    work.mkdir(parents=True, exist_ok=True)
    return Lake(f"{held.uri}/tables", work, held.options)


def remove_files(table: str, names: list[str]) -> None:
    """Remove files of a table; one that is gone is no error."""
    held = store()
    for name in names:
        held.remove(f"tables/{table}/{name}")


def cluster() -> Cluster | None:
    """What prepares extracts that are too big for this host, where there is one."""
    master = settings.ENV.spark_master
    return Cluster(master, settings.ENV.spark_least_bytes) if master else None


def tidy() -> int:
    """Clear this host's work folder of what a crash left and of extracts long unused; how many."""
    return lake().sweep() + evict(lake(), settings.ENV.extract_cache)
