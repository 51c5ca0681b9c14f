"""What can be wrong with a file or a table, said with its place and its mend."""

from __future__ import annotations


class IngestError(ValueError):
    """The file was not loaded and nothing changed. The message is for the person who sent it."""


class TableError(RuntimeError):
    """A stored table cannot be read: a version is gone or a file is damaged."""
