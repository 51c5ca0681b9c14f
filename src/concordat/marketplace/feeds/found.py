"""What a reader of one kind of file hands on, and how it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concordat.marketplace.feeds.record import Line

# A place ("x.csv, line 7") with the names and values that stand there, or a line of the report.
Found = tuple[str, Mapping[str, Any]] | Line


class FeedError(ValueError):
    """The file is not a catalogue that can be read; the message says why and what to do."""
