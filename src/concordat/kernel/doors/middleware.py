"""Around every request: a number, headers, a limit, an actor, and one way of saying no."""

from __future__ import annotations

import inspect
import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from ninja.operation import PathView

from concordat.kernel.access import PUBLIC
from concordat.kernel.doors import actors
from concordat.kernel.doors.errors import refused, wrong_method
from concordat.kernel.doors.limits import Buckets
from concordat.kernel.refusals import NotSignedIn, Refusal, TooMany

Next = Callable[[HttpRequest], HttpResponseBase]

_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_API: Final = "/api/"
_OUTSIDE: Final = ("/healthz", "/readyz", "/metrics")  # must answer when all else fails
# Its client repeats a refused request for 100 seconds; grants and sizes limit it instead.
_INSIDE: Final = "/inside"  # everything under it is for people who have signed in
_DATA: Final = "/sharing/"
_UNLIMITED: Final = ("/static/", *_OUTSIDE)
_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'{forms}"
)
_HEADERS: Final = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "interest-cohort=()",
}

log = structlog.get_logger("concordat.requests")


class RequestNumber:
    """Each request has an id: the one it came with if that is plain, or a new one.

    It is echoed, and bound to every log line of the request.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Number the request and write its line in the log."""
        given = request.headers.get("X-Request-ID", "")
        number = given if _ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = number  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = number
        if log.isEnabledFor(logging.INFO):
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
                actor=getattr(request, "actor", PUBLIC).key,
            )
        return response


class SecurityHeaders:
    """A content policy without inline script or style, and the other headers of a careful site."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        extra = " ".join(getattr(settings, "DOORS_FORM_TARGETS", ()))
        self.forms = f" {extra}" if extra else ""  # a sign-in elsewhere is a redirect from a form

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self.get_response(request)
        policy = _POLICY.format(forms=self.forms)
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if "Tus-Resumable" in request.headers:  # tus wants it on every answer, a refusal too
            response.headers.setdefault("Tus-Resumable", "1.0.0")
        return response


class RateLimit:
    """So many requests a minute for each client (`RATE_LIMIT`, 0 for none), with a fair burst.

    Ten times as many of the data: its clients ask a dozen times for each file.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        minute = getattr(settings, "RATE_LIMIT", 0)
        self.plain, self.data = (
            Buckets(per_second=rate / 60, burst=max(1, rate / 4)) if rate else None
            for rate in (minute, 10 * minute)
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer 429, or let the request through."""
        buckets = self.data if request.path.startswith(_DATA) else self.plain
        if buckets is None or request.path.startswith(_UNLIMITED):
            return self.get_response(request)
        actor = getattr(request, "actor", PUBLIC)
        wait = buckets.wait(actor.key if actor.signed_in else client_of(request))
        if not wait:
            return self.get_response(request)
        if lacks_token(request):
            return refused(request, NotSignedIn())
        response = refused(request, TooMany(mend=f"Wait {wait} seconds and try again."))
        response["Retry-After"] = str(wait)
        return response


def lacks_token(request: HttpRequest) -> bool:
    """Whether the API's operation needs a token and none came: said before how often one may ask."""
    if getattr(request, "actor", PUBLIC).signed_in or not request.path.startswith(_API):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    found = inspect.getclosurevars(view).nonlocals.get("self")  # what ninja's view stands for
    operation = found._find_operation(request) if isinstance(found, PathView) else None
    return bool(operation and operation.auth_callbacks)


def client_of(request: HttpRequest) -> str:
    """The address a request came from, believing as many proxies as the settings say there are."""
    hops: int = getattr(settings, "TRUSTED_PROXIES", 0)
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(told) >= hops and told[-hops]:
        return told[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


class WhoIsAsking:
    """Sets `request.actor`, and turns refusals raised anywhere inside into answers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Find the actor, then answer."""
        request.actor = PUBLIC  # type: ignore[attr-defined]
        if not request.path.startswith(_OUTSIDE):
            try:
                request.actor = actors.actor_of(request)  # type: ignore[attr-defined]
            except Refusal as refusal:
                return refused(request, refusal)
        if request.path.startswith(_INSIDE) and not request.actor.signed_in:  # type: ignore[attr-defined]
            return refused(request, NotSignedIn())
        response = self.get_response(request)
        if response.status_code == 405 and request.path.startswith(_API):
            response = wrong_method(request, response)
        if request.actor.signed_in:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else goes on to Django, which logs it and answers 500."""
        return refused(request, exception) if isinstance(exception, Refusal) else None
