"""Five million rows by the unmodified delta-sharing client: under a policy, and from plain files.

The policy hides one column of five and one row in a hundred. The plain files hold the very rows and
columns that the policy lets through, so the client does the same work for both.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import delta_sharing

from bench import agreed
from bench.measure import Row, interleaved, milliseconds, once, percentile
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
    share = agreed.share(people, size().rows, "bench")
    with served() as ours:
        profile = _profile(ours.base + "/sharing", agreed.token(people))
        read = f"{profile}#{share.name}.{SCHEMA}.{share.table.name}"
        first = once(lambda: _load(read, delta=False))
        with _plain(share) as plain:
            files = f"{_profile(plain.base, 'none')}#s.default.t"
            found = {
                form: interleaved([partial(_timed, read, delta), partial(_timed, files, delta)], 7)
                for form, delta in (("parquet", False), ("delta", True))
            }
            checked = _ranges(_address(profile, share), f"{plain.base}/files/00000.parquet")
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
        checked,
    ]


def _address(profile: Path, share: Share) -> str:
    """The address of the first file of the table."""
    told = json.loads(profile.read_text())
    path = (
        f"{told['endpoint']}/shares/{share.name}/schemas/{SCHEMA}/tables/{share.table.name}/query"
    )
    headers = {"Authorization": f"Bearer {told['bearerToken']}", "Content-Type": "application/json"}
    with urlopen(Request(path, b"{}", headers)) as answer:
        lines = [json.loads(line) for line in answer]
    return str(lines[2]["file"]["url"])


def _ranges(ours: str, bare: str) -> Row:
    """What asking for the share adds to a range of 64 KiB, one after another on one connection."""
    found = {ours: list[float](), bare: list[float]()}
    open_ = {url: http.client.HTTPConnection(urlsplit(url).netloc) for url in found}
    for turn in range(size().requests):
        for url, times in found.items():
            parts, start = urlsplit(url), 65_536 * (turn % 8)
            start_at = time.perf_counter()
            told = {"Range": f"bytes={start}-{start + 65_535}"}
            open_[url].request("GET", f"{parts.path}?{parts.query}", headers=told)
            answer = open_[url].getresponse()
            answer.read()
            times.append(time.perf_counter() - start_at)
            assert answer.status == 206, answer.status
    added = 1000 * (percentile(found[ours], 0.5) - percentile(found[bare], 0.5))
    peer = f"plain files: {milliseconds(found[bare])}"
    return Row("a range of a file", milliseconds(found[ours]), peer, f"+{added:.1f} ms", "< +2 ms")


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
