"""How requests become one read, how long a read may last, and how much of a file has been sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

LONGEST: Final = timedelta(hours=12)  # a stream is stopped then; it can be resumed by a range
WINDOW: Final = timedelta(hours=1)  # a range that comes later than that is another read
MOST_SPANS: Final = 500  # pieces of a file that are kept apart; of more, nobody asks for the whole
Span = tuple[int, int]  # bytes from … to (not included)


def covered(spans: Sequence[Span], start: int, stop: int) -> list[Span]:
    """The spans with one more: apart, in order, no two of them touching.

    One that would be more than `MOST_SPANS` is left out, so that a read of single bytes stays small.
    """
    if start >= stop:
        return list(spans)
    found: list[Span] = []
    for first, last in sorted([*spans, (start, stop)]):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found if len(found) <= MOST_SPANS else list(spans)
