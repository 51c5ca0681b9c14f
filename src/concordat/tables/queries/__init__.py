"""The data plane's reads. The first argument is the actor, always."""

from __future__ import annotations

from concordat.tables.queries.asked import query_runs, saved_queries, saved_query, sql_shares
from concordat.tables.queries.delivery import (
    delivered_share,
    deliveries,
    may_read,
    one_share,
    readable_share,
    readable_shares,
    reads_by_day,
    share,
    share_of,
    shares,
    still_readable,
)
from concordat.tables.queries.outputs import may_ask, may_review, one_output, outputs
from concordat.tables.queries.sources import (
    connections,
    loading,
    source,
    source_of,
    sources,
)
from concordat.tables.queries.stored import (
    arrived,
    drafting_bodies,
    may_load,
    preview_of,
    rejects,
    sent_file,
    table,
    tables,
    version,
    versions,
    waiting,
    waiting_file,
)

__all__ = [
    "arrived",
    "connections",
    "delivered_share",
    "deliveries",
    "drafting_bodies",
    "loading",
    "may_ask",
    "may_load",
    "may_read",
    "may_review",
    "one_output",
    "one_share",
    "outputs",
    "preview_of",
    "query_runs",
    "readable_share",
    "readable_shares",
    "reads_by_day",
    "rejects",
    "saved_queries",
    "saved_query",
    "sent_file",
    "share",
    "share_of",
    "shares",
    "source",
    "source_of",
    "sources",
    "sql_shares",
    "still_readable",
    "table",
    "tables",
    "version",
    "versions",
    "waiting",
    "waiting_file",
]
