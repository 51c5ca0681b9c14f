"""When a source is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

EVERY = {
    "asked": "Only when asked",
    "hourly": "Every hour",
    "daily": "Every day",
    "weekly": "Every week",
}


def next_run(every: str, hour: int, weekday: int, now: datetime, zone: tzinfo) -> datetime | None:
    """The first moment after `now` at which a source is due; None for one that is only asked.

    `hour` (0 to 23) and `weekday` (0 is Monday) are as clocks and calendars in `zone` show them.
    """
    if every == "asked":
        return None
    if every == "hourly":
        return now + timedelta(hours=1)
    today = now.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        due = datetime.combine(day, time(hour), zone)
        fits = every == "daily" or (every == "weekly" and day.weekday() == weekday)
        # Compared as moments: on the day that the clocks change an hour may be missing.
        if fits and due.timestamp() > now.timestamp():
            return due
    raise ValueError(f"{every!r} is not how often a source runs")
