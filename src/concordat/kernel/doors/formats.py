"""How values read on a page: dates, numbers, money and plurals in GOV.UK style. No Django forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

NOTHING = "Not given"
MINUS = "\u2212"
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def day(value: date | datetime | None) -> str:
    """“24 November 2026”; a datetime is first brought to local time."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value.day} {value:%B} {value.year}"


def moment(value: datetime | None) -> str:
    """“24 November 2026 at 3:05pm”, in local time."""
    if value is None:
        return NOTHING
    local = _local(value)
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{day(local)} at {hour}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """“1,234,567”, with `places` decimals where they are asked for."""
    if value is None:
        return NOTHING
    return f"{value:,}" if places is None else f"{_rounded(value, places):,}"


def money(value: float | Decimal | None, currency: str = "GBP") -> str:
    """“£1,234” or “£1,234.50”: pence only where there are some."""
    if value is None:
        return NOTHING
    amount = _rounded(value, 2)
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{MINUS if amount < 0 else ''}{sign}{text}"


def _rounded(value: float | Decimal, places: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def plural(count: int, one: str, many: str = "") -> str:
    """“1 dataset”, “2,000 datasets”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shown(value: Any) -> str:
    """Any plain value as a reader expects it; nothing at all reads “Not given”."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return ", ".join(shown(v) for v in value) or NOTHING
    return str(value)
