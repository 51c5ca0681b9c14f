"""Idempotency-Key: a write that is sent twice is done once, and answered the same both times.

The key is stored in the transaction of the deed itself, so the two cannot come apart. Only writes
that succeeded are remembered: a refused one changed nothing and may be sent again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from concordat.kernel import refusals
from concordat.kernel.doors.errors import refused
from concordat.kernel.doors.models import IdempotencyKey

HEADER: Final = "Idempotency-Key"
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY: Final = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")

Run = Callable[..., HttpResponse]


def idempotent(run: Run) -> Run:
    """Wrap an API operation: with the header and a known actor, do it once."""

    @wraps(run)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        actor = request.actor  # type: ignore[attr-defined]
        if key is None or request.method not in _WRITES or not actor.signed_in:
            return run(request, *args, **kwargs)
        if not _KEY.fullmatch(key):
            message = "Use 1 to 255 letters, digits and signs without spaces."
            return refused(request, refusals.Invalid({HEADER: [message]}))
        try:
            fingerprint = _fingerprint(request)
        except RequestDataTooBig:
            return run(request, *args, **kwargs)  # which refuses it as it refuses any such body
        try:
            with transaction.atomic():
                # A second request with this key waits here until the first is done.
                kept = IdempotencyKey.objects.create(
                    actor=actor.key, key=key, fingerprint=fingerprint
                )
                response = run(request, *args, **kwargs)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
                else:
                    _keep(kept, response)
                return response
        except IntegrityError:
            found = IdempotencyKey.objects.filter(actor=actor.key, key=key).first()
            if found is None:  # the clash was about something else
                raise
        return _again(request, found, fingerprint)

    return once


def _fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same, the reach of the token too: a narrower one is not answered
    what a wider one saw. An upload is known by its length, not read twice."""
    upload = (request.content_type or "").startswith("multipart/")
    body = request.headers.get("Content-Length", "").encode() if upload else request.body
    scopes = request.actor.scopes  # type: ignore[attr-defined]
    reach = " ".join(sorted(scopes)) if scopes is not None else "session"
    address = f"{request.method} {request.get_full_path()}\n{request.content_type}\n{reach}\n"
    return hashlib.sha256(address.encode() + body).hexdigest()


def _keep(kept: IdempotencyKey, response: HttpResponse) -> None:
    kept.status = response.status_code
    kept.headers = {n: response[n] for n in _KEPT_HEADERS if n in response.headers}
    if "no-store" not in response.get("Cache-Control", ""):  # a secret is shown once, never kept
        kept.body = response.content.decode()
    else:
        kept.headers["Cache-Control"] = "no-store"
    kept.save(update_fields=["status", "headers", "body"])


def _again(request: HttpRequest, found: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if found.fingerprint != fingerprint:
        message = "This key came with a different request before. Use a new key."
        return refused(request, refusals.Invalid({HEADER: [message]}))
    if found.headers.get("Cache-Control") == "no-store":
        return refused(
            request,
            refusals.Conflict(
                "This was done before, and its answer held a secret that is not kept.",
                "Make a new one with a new key.",
            ),
        )
    response = HttpResponse(found.body, status=found.status, headers=found.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def forget() -> int:
    """Clear away keys that nobody will send again; returns how many."""
    return IdempotencyKey.objects.stale().delete()[0]
