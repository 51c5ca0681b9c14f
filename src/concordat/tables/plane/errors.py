"""What can be wrong with a stored table."""

from __future__ import annotations


class TableError(RuntimeError):
    """A stored table cannot be read: a version is gone or a file is damaged."""
