"""Was it registered before the data? By the coarser of two precisions, or by what was declared."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from concordat.evaluations.rules.dates import Moment

Badge = Literal["before", "declared", "after", "unknown"]
BADGES: Final[dict[str, str]] = {
    "before": "Registered before the first data were collected",
    "declared": "Registered before the data were analysed, as its body declares",
    "after": "Registered after data collection began",
    "unknown": "Not known: it does not say when the first data were collected",
}
_DECLARED: Final = frozenset({"unseen", "obtained"})


def badge_of(submitted: date | None, first_data: Moment | None, access_class: str) -> Badge:
    """The badge of an evaluation that was submitted on a day (when its review ended does not count).

    Registered in or before the month of the first data is before, because most dates are known to the
    month. Where data existed already, what is declared of them (`unseen` or `obtained`, but not
    analysed) stands beside the dates; data analysed already never are.
    """
    if access_class == "analysed":
        return "after"
    if submitted is not None and access_class in _DECLARED:
        return "declared"
    if submitted is None or first_data is None:
        return "unknown"
    registered = Moment(submitted.year, submitted.month)
    return "after" if registered.is_after(first_data) else "before"
