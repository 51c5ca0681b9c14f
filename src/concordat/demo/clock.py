"""The world has a past: deeds done here are dated as many days ago as the story says.

Only the demonstration does this. Every deed still goes through its action and is checked against the
day on which it is done; nothing is written around them, and the log stays in order because the
past is played from its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

_NOW = timezone.now


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """Let it be that many days ago, for this process, until the block ends."""

    def then() -> object:
        return _NOW() - timedelta(days=days)

    before = timezone.now
    setattr(timezone, "now", then)  # noqa: B010 -- Django's one clock; every deed asks it
    try:
        yield
    finally:
        setattr(timezone, "now", before)  # noqa: B010
