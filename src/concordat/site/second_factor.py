"""Where the settings ask for it, nobody gets further on a password alone."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

_FREE = ("/sign-in", "/sign-out", "/static/", "/healthz", "/readyz")
_BY_PASSWORD = ("password", "password_reset")  # whoever has just set one was led in by it


class SecondFactor:
    """Leads somebody who signed in by password and has no second factor to set one up first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through, or lead it to the set-up page."""
        if settings.ENV.require_second_factor and self._lacks(request):
            messages.info(request, "Set up a second way to prove it is you before you go on.")
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _lacks(request: HttpRequest) -> bool:
        if request.path.startswith(_FREE) or not request.user.is_authenticated:
            return False
        records = get_authentication_records(request, request.user)
        by_password = any(record.get("method") in _BY_PASSWORD for record in records)
        return by_password and not is_mfa_enabled(request.user)
