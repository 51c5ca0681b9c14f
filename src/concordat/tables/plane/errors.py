"""What can be wrong with a stored table or with a policy."""

from __future__ import annotations

from typing import ClassVar

from concordat.kernel.refusals import Conflict


class TableError(Conflict):
    """409: a stored table cannot be read: a version is no longer kept or a file is damaged."""

    code: ClassVar[str] = "unreadable"
    title: ClassVar[str] = "That cannot be read"
    default_mend: ClassVar[str] = "Ask for the version that the table has now."


class PolicyError(ValueError):
    """The policy is not one, or does not fit the table."""
