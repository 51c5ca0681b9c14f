"""The data plane's nouns."""

from concordat.tables.models.share import Share
from concordat.tables.models.source import Source, connections_of
from concordat.tables.models.stored import StoredTable, TableVersion

__all__ = ["Share", "Source", "StoredTable", "TableVersion", "connections_of"]
