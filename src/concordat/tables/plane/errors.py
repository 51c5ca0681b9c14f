"""What can be wrong with a stored table or with a policy."""

from __future__ import annotations


class TableError(RuntimeError):
    """A stored table cannot be read: a version is gone or a file is damaged."""


class PolicyError(ValueError):
    """The policy is not one, or does not fit the table."""


class TooLong(RuntimeError):
    """Working it out would take longer than whoever asked can wait."""
