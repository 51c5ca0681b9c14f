"""The data plane's nouns."""

from concordat.tables.models.asked import MOST_SQL, QueryRun, SavedQuery
from concordat.tables.models.output import Output
from concordat.tables.models.read import Flag, ShareRead
from concordat.tables.models.share import Share
from concordat.tables.models.source import Source, connections_of
from concordat.tables.models.stored import StoredTable, TableVersion

__all__ = [
    "MOST_SQL",
    "Flag",
    "Output",
    "QueryRun",
    "SavedQuery",
    "Share",
    "ShareRead",
    "Source",
    "StoredTable",
    "TableVersion",
    "connections_of",
]
