"""A table under an agreement in force, for whatever reads it to be measured."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.utils import timezone

from bench.world import actor_for
from concordat.kernel.administration.actions import issue_token
from concordat.marketplace import actions
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import Share

KEPT = ("id", "area", "value", "day")
# The policy hides one column of five and one row in 101.
SELECT = f"SELECT {', '.join(KEPT)} FROM read_parquet('{{}}') WHERE area >= 1"


def token(people: dict[str, Any]) -> str:
    """A bearer token of the analyst."""
    ends = timezone.now() + timedelta(days=1)
    return str(issue_token(actor_for(people["analyst"]), "bench", ["deliver", "read"], ends)[0])


def share(people: dict[str, Any], rows: int, name: str) -> Share:
    """`rows` rows that a policy lets through, in a table of that name."""

    def actor(key: str) -> Any:
        return actor_for(people[key])

    steward, analyst, approver = actor("steward"), actor("analyst"), actor("approver")
    table = draft_table(steward, people["steward"].owner, f"Bench {name}", name)
    load_table(steward, table, source(rows))
    dataset = actions.draft_dataset(steward, people["steward"].owner, _described(name))
    listed = {"identifier": name, "title": f"Bench {name}", "table": table}
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


def source(rows: int) -> Path:
    """As many rows that the policy keeps as are to be delivered, and one more in each hundred."""
    target = Path(tempfile.mkdtemp(dir=os.environ["CONCORDAT_DATA_DIR"])) / "bench.parquet"
    duckdb.sql(
        "COPY (SELECT i AS id, i % 101 AS area, hash(i) % 1000 / 10.0 AS value, "
        "'E' || (i % 1000) AS code, DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS day "
        f"FROM range({rows * 101 // 100}) t(i)) TO '{target}' (FORMAT parquet)"
    )
    return target


def _described(name: str) -> dict[str, Any]:
    return {
        "title": f"Bench {name}",
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
