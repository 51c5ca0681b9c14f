"""How a recommendation stands: reckoned from its dates when it is read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

RESPONSES: Final = {"accepted": "Accepted", "partly": "Partly accepted", "rejected": "Rejected"}
STANDINGS: Final = {
    "overdue": "Response overdue",
    "due": "Response due within four weeks",
    "open": "No response yet",
    "accepted": "Accepted, not yet done",
    "rejected": "Rejected",
    "done": "Done",
}
SOON: Final = timedelta(weeks=4)


def standing_of(due: date | None, response: str, done_on: date | None, today: date) -> str:
    """A key of `STANDINGS`. A response is overdue from the day after it was due."""
    if done_on is not None:
        return "done"
    if response:
        return "rejected" if response == "rejected" else "accepted"
    if due is None or due > today + SOON:
        return "open"
    return "overdue" if due < today else "due"
