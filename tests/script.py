"""A script with a token, as the tests of the API use it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SCOPES, Actor
from concordat.kernel.administration.actions import issue_token


@dataclass
class Script:
    """Sends requests under `/api/v1` with one token, or none."""

    token: str = ""
    browser: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.browser.get(f"/api/v1{path}", query, headers=self._headers({}))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send(self.browser.post, path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send(self.browser.patch, path, body, headers)

    def _send(self, send: Any, path: str, body: Any, headers: dict[str, str]) -> HttpResponse:
        data, told = "" if body is None else json.dumps(body), self._headers(headers)
        return send(f"/api/v1{path}", data=data, content_type="application/json", headers=told)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {**named, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}


def script(actor: Actor, *scopes: str) -> Script:
    """A script that acts as `actor`, with every scope unless some are named."""
    ends = timezone.now() + timedelta(days=1)
    return Script(issue_token(actor, "script", scopes or SCOPES, ends)[0])
