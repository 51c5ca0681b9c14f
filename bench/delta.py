"""Five million rows by the unmodified delta-sharing client: under a policy, and from plain files.

The policy hides one column of five and one row in a hundred. The plain files hold the very rows and
columns that the policy lets through, so the client does the same work for both.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import delta_sharing
import duckdb
from django.utils import timezone

from bench.measure import Row, interleaved, once
from bench.serving import served
from bench.world import actor_for, build, size
from concordat.kernel.administration.actions import issue_token
from concordat.marketplace import actions
from concordat.tables import sharing
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import Share
from concordat.tables.plane.prepare import folder_of
from concordat.tables.store import lake

KEPT = ("id", "area", "value", "day")


def run() -> list[Row]:
    """Rows a second of each, as medians of interleaved rounds; the first read apart."""
    people = build()
    share = shared(people)
    with served() as ours:
        profile = _profile(ours.base + "/sharing", token_of(people))
        read = f"{profile}#{share.name}.{sharing.SCHEMA}.{share.table.name}"
        first = once(lambda: _load(read))
        with _plain(share) as plain:
            files = f"{_profile(plain.base, 'none')}#s.default.t"
            both = [lambda: once(lambda: _load(read)), lambda: once(lambda: _load(files))]
            governed, bare = interleaved(both, 7)
    rows = size().rows
    return [
        Row(
            f"Delta client, {rows:,} rows under a policy",
            f"{rows / governed:,.0f} rows a second",
            f"plain files: {rows / bare:,.0f}",
            f"{bare / governed:.2f}",
            "≥ 0.8",
        ),
        Row("the first such read, which writes the files", f"{rows / first:,.0f} rows a second"),
    ]


def _load(url: str) -> None:
    found = len(delta_sharing.load_as_pandas(url, use_delta_format=False))
    assert found == size().rows, found


def _plain(share: Share) -> Any:
    latest = share.table.latest
    assert latest is not None
    policy = sharing.policy_of(share)
    folder = folder_of(lake(), share.table.reference, latest.number, policy.digest())
    schema = sharing.spark_schema(policy.allowed(sharing.columns_of(share)))
    return served("bench.plain:application", BENCH_FILES=str(folder), BENCH_SCHEMA=schema)


def _profile(endpoint: str, token: str) -> Path:
    folder = Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"]))
    told = {"shareCredentialsVersion": 1, "endpoint": endpoint, "bearerToken": token}
    (folder / "bench.share").write_text(json.dumps(told))
    return folder / "bench.share"


def token_of(people: dict[str, Any]) -> str:
    ends = timezone.now() + timedelta(days=1)
    return str(issue_token(actor_for(people["analyst"]), "bench", ["deliver"], ends)[0])


def shared(people: dict[str, Any]) -> Share:
    """A table under an agreement in force."""

    def actor(key: str) -> Any:
        return actor_for(people[key])

    steward, analyst, approver = actor("steward"), actor("analyst"), actor("approver")
    table = draft_table(steward, people["steward"].owner, "Bench", "bench")
    load_table(steward, table, _source())
    dataset = actions.draft_dataset(steward, people["steward"].owner, _described())
    listed = {"identifier": "bench", "title": "Bench", "table": table}
    distribution = actions.add_distribution(steward, dataset, listed)
    actions.perform(steward, dataset, "submit")
    actions.perform(approver, dataset, "publish")
    asked = _asked(distribution)
    request = actions.draft_request(analyst, people["analyst"].owner, dataset, asked)
    actions.perform(analyst, request, "submit")
    actions.perform(steward, request, "review")
    agreement = actions.accept_request(approver, request)
    actions.sign(actor("supplier_signatory"), agreement)
    actions.countersign(actor("acquirer_signatory"), agreement)
    found: Share = Share.objects.readable_by(analyst).get(basis=agreement.reference)
    return found


def _source() -> Path:
    """As many rows that the policy keeps as are to be delivered, and one more in each hundred."""
    target = Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"])) / "bench.parquet"
    duckdb.sql(
        "COPY (SELECT i AS id, i % 101 AS area, hash(i) % 1000 / 10.0 AS value, "
        "'E' || (i % 1000) AS code, DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day "
        f"FROM range({size().rows * 101 // 100}) t(i)) TO '{target}' (FORMAT parquet)"
    )
    return target


def _described() -> dict[str, Any]:
    return {
        "title": "Bench",
        "description": "Rows for a measurement.",
        "contact_name": "Team",
        "contact_email": "team@hm-treasury.example",
        "modified_on": timezone.localdate(),
        "licence": "DATA_SHARE_AGREEMENT",
    }


def _asked(distribution: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "distribution": distribution,
        "title": "Measuring",
        "purpose": "Measure the rate.",
        "benefit": "It is known.",
        "data_types": ["none"],
        "legal_power": "Common law powers of the Secretary of State",
        "legal_gateway": "none",
        "columns": list(KEPT),
        "rows": "area >= 1",
        "starts_on": today,
        "ends_on": today + timedelta(days=30),
        "disposal": "Deleted at once.",
    }
