"""OAuth 2 for machines and for the command line: client credentials (RFC 6749 §4.4) and device
codes (RFC 8628). Both give the same hashed, scoped, expiring, revocable `Token`s as the pages do.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import timedelta
from typing import Any, Final

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from concordat.kernel.access import SCOPES
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration.actions import issue_token
from concordat.kernel.doors.limits import Buckets
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.people.models import Client, Person
from concordat.kernel.people.tokens import digest

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_CODES: Final = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no words; nothing that reads as a digit
_DEVICE_SECONDS: Final = 900
_CLIENT_HOURS: Final = 1
_PERSON_DAYS: Final = 30
_SALT: Final = "concordat.device"
_STARTS: Final = Buckets(per_second=0.2, burst=20)  # so that nobody can fill the store of codes


def _error(code: str, words: str, status: int = 400) -> JsonResponse:
    response = JsonResponse({"error": code, "error_description": words}, status=status)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="Concordat"'
    return response


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> JsonResponse:
    """`POST /oauth/token`."""
    kind = request.POST.get("grant_type", "")
    if kind == "client_credentials":
        return _client_credentials(request)
    if kind == DEVICE_GRANT:
        return _device_token(request)
    return _error("unsupported_grant_type", "Use client_credentials or a device code.")


def _given(request: HttpRequest) -> tuple[str, str]:
    """(id, secret) from HTTP Basic or from the body."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret
    return request.POST.get("client_id", ""), request.POST.get("client_secret", "")


def _client_credentials(request: HttpRequest) -> JsonResponse:
    name, secret = _given(request)
    found = Client.objects.filter(client_id=name[:64]).select_related("owner").first()
    expected = found.secret_digest if found else digest("nobody")
    right = hmac.compare_digest(digest(secret), expected) and found is not None
    over = bool(found and found.expires_at and found.expires_at <= timezone.now())
    if not right or found is None or over or found.status != "active":
        return _error("invalid_client", "The client is not known, or no longer.", 401)
    asked = request.POST.get("scope", "").split() or found.scopes
    if set(asked) - set(found.scopes):
        return _error("invalid_scope", f"This client may ask for: {' '.join(found.scopes)}.")
    ends = timezone.now() + timedelta(hours=_CLIENT_HOURS)
    bearer, _ = issue_token(actor_for(found), "client credentials", asked, ends)
    return _granted(bearer, asked, _CLIENT_HOURS * 3600)


def _granted(bearer: str, scopes: list[str], seconds: int) -> JsonResponse:
    body = {
        "access_token": bearer,
        "token_type": "Bearer",
        "expires_in": seconds,
        "scope": " ".join(sorted(scopes)),
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_POST
def device(request: HttpRequest) -> JsonResponse:
    """`POST /oauth/device`: begin; the person types the short code on a page."""
    if wait := _STARTS.wait(client_of(request)):
        response = _error("slow_down", f"Wait {wait} seconds and begin again.", 429)
        response["Retry-After"] = str(wait)
        return response
    asked = request.POST.get("scope", "read write deliver").split()
    if set(asked) - set(SCOPES):
        return _error("invalid_scope", f"Choose from: {' '.join(SCOPES)}.")
    drawn = "".join(secrets.choice(_CODES) for _ in range(8))
    code = f"{drawn[:4]}-{drawn[4:]}"
    page = request.build_absolute_uri("/inside/account/device")
    cache.set(_key(code), {"scopes": asked, "person": None}, _DEVICE_SECONDS)
    body = {
        "device_code": signing.dumps(code, salt=_SALT),
        "user_code": code,
        "verification_uri": page,
        "expires_in": _DEVICE_SECONDS,
        "interval": 2,
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response


def _key(code: str) -> str:
    return f"device:{digest(code)}"


def waiting(code: str) -> dict[str, Any] | None:
    """What a short code asks for, while somebody waits for it."""
    tidied = code.strip().upper().replace(" ", "")[:9]
    found: dict[str, Any] | None = cache.get(_key(tidied))
    return {**found, "code": tidied} if found and found["person"] is None else None


def allow(code: str, person: int) -> None:
    """Let the waiting device act as a person; it can fetch its token once."""
    found = cache.get(_key(code))
    if found:
        cache.set(_key(code), {**found, "person": person}, 120)


def _device_token(request: HttpRequest) -> JsonResponse:
    try:
        code = signing.loads(
            request.POST.get("device_code", ""), salt=_SALT, max_age=_DEVICE_SECONDS
        )
    except signing.BadSignature:
        return _error("expired_token", "The code is not known, or too old. Begin again.")
    found = cache.get(_key(code))
    if found is None:
        return _error("expired_token", "The code is too old. Begin again.")
    if found["person"] is None:
        return _error("authorization_pending", "Nobody has allowed it yet.")
    cache.delete(_key(code))
    person = Person.objects.get_queryset().filter(pk=found["person"], status="active").first()
    if person is None:
        return _error("access_denied", "The account is closed.")
    ends = timezone.now() + timedelta(days=_PERSON_DAYS)
    bearer, _ = issue_token(actor_for(person), "command line", found["scopes"], ends)
    return _granted(bearer, found["scopes"], _PERSON_DAYS * 24 * 3600)
