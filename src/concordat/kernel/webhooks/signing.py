"""The secret, the number and the signature of a message, as Standard Webhooks has them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.utils.crypto import salted_hmac

from concordat.kernel.webhooks.models import Webhook


def _key(webhook: Webhook) -> bytes:
    named = f"{webhook.pk}:{webhook.salt}"
    return salted_hmac("concordat.webhook.key", named, algorithm="sha256").digest()


def secret_of(webhook: Webhook) -> str:
    """What its receiver checks signatures with: `whsec_` and 32 bytes in base64."""
    return f"whsec_{base64.b64encode(_key(webhook)).decode()}"


def message_id(webhook: Webhook, entry: int) -> str:
    """One number for each webhook and entry, the same at every try; tells nothing of the log."""
    named = f"{webhook.pk}:{entry}"
    return f"msg_{salted_hmac('concordat.webhook.id', named, algorithm='sha256').hexdigest()[:32]}"


def signed(webhook: Webhook, entry: int, body: bytes, at: int) -> dict[str, str]:
    """The three headers of a message sent at `at` (seconds since 1970)."""
    number = message_id(webhook, entry)
    text = f"{number}.{at}.".encode() + body
    signature = base64.b64encode(hmac.digest(_key(webhook), text, hashlib.sha256)).decode()
    return {
        "webhook-id": number,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }
