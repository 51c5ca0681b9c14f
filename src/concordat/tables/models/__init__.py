"""The data plane's nouns."""

from concordat.tables.models.output import Output
from concordat.tables.models.share import Share
from concordat.tables.models.stored import StoredTable, TableVersion

__all__ = ["Output", "Share", "StoredTable", "TableVersion"]
