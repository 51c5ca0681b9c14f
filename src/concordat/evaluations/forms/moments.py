"""A date that may be known to the day, the month or the year, asked in GOV.UK's three boxes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from concordat.evaluations.rules.dates import Moment
from concordat.kernel.doors.forms import DateParts


class MomentParts(DateParts):
    """Day, month and year, of which a date known to the month leaves the first empty."""

    def boxes(self, value: Any) -> tuple[str, str, str]:
        """What each box shows."""
        if isinstance(value, str):
            try:
                known = Moment.read(value)
            except ValueError:
                return ("", "", value)
            parts = (known.day, known.month, known.year)
            return tuple("" if part is None else str(part) for part in parts)  # type: ignore[return-value]
        return super().boxes(value)


class MomentField(forms.Field):
    """The date as `Moment` writes it; "" for none."""

    widget = MomentParts

    def to_python(self, value: Any) -> str:
        """The text of the date. Raises ValidationError when there is no such day."""
        if not value:
            return ""
        try:
            if isinstance(value, str):
                return str(Moment.read(value))
            day, month, year = (part.strip() for part in value)
            return str(Moment(_number(year), _number(month) or None, _number(day) or None))
        except (TypeError, ValueError):
            label = str(self.label or "Date").rstrip("?")
            raise ValidationError(
                f"{label} must be a real date: a year, a month and year, or a day, month and year",
                "invalid",
            ) from None


def _number(text: str) -> int:
    """The number that a box holds; 0 for an empty one. Raises ValueError for what is no number."""
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) == 0:
        raise ValueError(text)
    return int(text)
