"""E-mail by GOV.UK Notify: a Django backend over its HTTP API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Any, Final

import httpx2
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

ADDRESS: Final = "https://api.notifications.service.gov.uk/v2/notifications/email"
_UUID: Final = 36  # a key is name-service_id-secret; both ids are UUIDs


class NotifyBackend(BaseEmailBackend):
    """Sends each message with the template of the settings, which has `subject` and `body`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were handed over. Raises httpx2.HTTPError unless told to fail silently."""
        sent = 0
        with httpx2.Client(timeout=20) as client:
            for message in email_messages:
                for address in message.recipients():
                    try:
                        client.post(
                            ADDRESS, headers=_headers(), json=_body(message, address)
                        ).raise_for_status()
                    except httpx2.HTTPError:
                        if not self.fail_silently:
                            raise
                    else:
                        sent += 1
        return sent


def _headers() -> dict[str, str]:
    key = settings.ENV.notify_key.get_secret_value()
    service, secret = key[-2 * _UUID - 1 : -_UUID - 1], key[-_UUID:]
    return {"Authorization": f"Bearer {token(service, secret, int(time.time()))}"}


def token(service: str, secret: str, now: int) -> str:
    """The JSON Web Token (HS256) that Notify asks for: issuer and time, signed with the secret."""

    def part(data: Any) -> bytes:
        text = json.dumps(data, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=")

    signed = part({"typ": "JWT", "alg": "HS256"}) + b"." + part({"iss": service, "iat": now})
    mark = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


def _body(message: EmailMessage, address: str) -> dict[str, Any]:
    return {
        "email_address": address,
        "template_id": settings.ENV.notify_template,
        "personalisation": {"subject": message.subject, "body": message.body},
    }
