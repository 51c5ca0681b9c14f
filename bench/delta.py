"""Five million rows by the unmodified delta-sharing client: under a policy, and from plain files.

The policy hides one column of five and one row in a hundred. The plain files hold the very rows and
columns that the policy lets through, so the client does the same work for both.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import delta_sharing

from bench import shared
from bench.measure import Row, interleaved, once
from bench.serving import served
from bench.world import build, size
from concordat.tables import sharing
from concordat.tables.models import Share
from concordat.tables.plane.columns import spark_schema
from concordat.tables.plane.prepare import folder_of
from concordat.tables.sharing.lines import SCHEMA
from concordat.tables.store import lake


def run() -> list[Row]:
    """Rows a second of each, as medians of interleaved rounds; the first read apart."""
    people = build()
    share = shared.share(people, size().rows, "bench")
    with served() as ours:
        profile = _profile(ours.base + "/sharing", shared.token(people))
        read = f"{profile}#{share.name}.{SCHEMA}.{share.table.name}"
        first = once(lambda: _load(read, delta=False))
        with _plain(share) as plain:
            files = f"{_profile(plain.base, 'none')}#s.default.t"
            found = {
                form: interleaved([partial(_timed, read, delta), partial(_timed, files, delta)], 7)
                for form, delta in (("parquet", False), ("delta", True))
            }
    rows = size().rows
    return [
        *(
            Row(
                f"Delta client, {rows:,} rows under a policy, {form} form",
                f"{rows / governed:,.0f} rows a second",
                f"plain files: {rows / bare:,.0f}",
                f"{bare / governed:.2f}",
                "≥ 0.9",
            )
            for form, (governed, bare) in found.items()
        ),
        Row("the first such read, which writes the files", f"{rows / first:,.0f} rows a second"),
    ]


def _timed(url: str, delta: bool) -> float:
    return once(lambda: _load(url, delta=delta))


def _load(url: str, *, delta: bool) -> None:
    found = len(delta_sharing.load_as_pandas(url, use_delta_format=delta))
    assert found == size().rows, found


def _plain(share: Share) -> Any:
    latest = share.table.latest
    assert latest is not None
    policy = sharing.policy_of(share)
    folder = folder_of(
        lake(), share.table.reference, latest.number, policy.mark(sharing.key_of(share))
    )
    schema = spark_schema(sharing.terms_of(share).shown)
    return served("bench.plain:application", BENCH_FILES=str(folder), BENCH_SCHEMA=schema)


def _profile(endpoint: str, token: str) -> Path:
    folder = Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"]))
    told = {"shareCredentialsVersion": 1, "endpoint": endpoint, "bearerToken": token}
    (folder / "bench.share").write_text(json.dumps(told))
    return folder / "bench.share"
