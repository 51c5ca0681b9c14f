"""ETag, If-None-Match and If-Match: a record's version, asked for and honoured.

If-Match may be left out: then the last write wins, as the caller asked. Where it is given, a record
that has changed since is refused with 412.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpRequest

from concordat.kernel import refusals

_TAG: Final = re.compile(r'(?:W/)?"(\d{1,10})"')


def etag(subject: Any) -> str:
    """The entity tag of a record: its version."""
    return f'"{subject.version}"'


def expected(request: HttpRequest) -> int | None:
    """The version an If-Match header names, or None when there is none or it is `*`.

    Raises Invalid for a header that is not one entity tag of ours.
    """
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        return None
    found = _TAG.fullmatch(header)
    if found is None:
        raise refusals.Invalid({"If-Match": ['Send one ETag as it was given, such as "7".']})
    return int(found[1])


def unchanged(request: HttpRequest, subject: Any) -> bool:
    """True when If-None-Match names the version that would be sent (answer 304)."""
    told = request.headers.get("If-None-Match", "")
    return any(tag.strip().removeprefix("W/") == etag(subject) for tag in told.split(","))
