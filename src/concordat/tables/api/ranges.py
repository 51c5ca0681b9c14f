"""A file as HTTP gives it: whole, in ranges (RFC 9110 §14), or only described."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

UNKEPT: Final = "private, no-store"  # a copy kept on the way would outlive the share
_RANGE: Final = re.compile(r"^bytes=(\d{0,19})-(\d{0,19})$")


def ranged(
    request: HttpRequest, path: Path, content_type: str, body: Callable[[int, int], Iterator[bytes]]
) -> HttpResponseBase:
    """Answer GET or HEAD for a file whose bytes from `start` to `stop` are `body(start, stop)`."""
    size = path.stat().st_size
    start, stop, status = 0, size, 200
    if match := _RANGE.match(request.headers.get("Range", "")):
        start, stop = _bounds(match[1], match[2], size)
        status = 206
        if start >= stop:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            response["Cache-Control"] = UNKEPT
            return response
    answer: HttpResponseBase = (
        HttpResponse(status=status)
        if request.method == "HEAD"
        else StreamingHttpResponse(body(start, stop), status=status)
    )
    answer["Content-Type"] = content_type
    answer["Content-Length"] = str(stop - start)
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = UNKEPT
    if status == 206:
        answer["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return answer


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """[start, stop) of a Range header: `a-b`, `a-` or `-n` from the end."""
    if first:
        return int(first), min(int(last) + 1, size) if last else size
    return (max(0, size - int(last)), size) if last else (size, size)
