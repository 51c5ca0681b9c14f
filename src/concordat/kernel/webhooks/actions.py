"""Making and keeping webhooks. All through `act`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from concordat.kernel.access import Actor
from concordat.kernel.audit import lease
from concordat.kernel.deeds import act
from concordat.kernel.people.models import Client
from concordat.kernel.publication.models import record_kinds
from concordat.kernel.refusals import Invalid
from concordat.kernel.webhooks.lifecycle import WEBHOOK
from concordat.kernel.webhooks.models import Webhook
from concordat.kernel.webhooks.network import Undelivered, reachable
from concordat.kernel.webhooks.signing import secret_of


def draft_webhook(
    actor: Actor, client: Client, url: str, names: Sequence[str] = ()
) -> tuple[str, Webhook]:
    """Tell `client` at `url` of what happens from now on: (the secret, shown this once; the row).

    Raises Invalid for an address that may not be sent to or cannot be found.
    """
    fields = {"url": url, "names": list(names)}
    if client.status != "active":
        raise Invalid({"client": ["This API client is closed. Choose another."]})
    _check(fields)
    webhook = Webhook(client=client, salt=secrets.token_hex(16), **fields)
    with transaction.atomic():
        made = act(actor, WEBHOOK["draft"], webhook)
        lease.begin(made.follower)
    return secret_of(made), made


def edit_webhook(
    actor: Actor, webhook: Webhook, *, expected: int | None = None, **fields: Any
) -> Webhook:
    """Change its address or what it tells of; what waits goes to the new address at once."""
    _check(fields)
    return _anew(act(actor, WEBHOOK["edit"], webhook, fields, expected=expected))


def ping_webhook(actor: Actor, webhook: Webhook, *, expected: int | None = None) -> Webhook:
    """Send a test, in its turn in the log, without waiting for the next try."""
    return _anew(act(actor, WEBHOOK["ping"], webhook, expected=expected))


def renew_webhook(
    actor: Actor, webhook: Webhook, *, expected: int | None = None
) -> tuple[str, Webhook]:
    """A new secret: the next message is signed with it. What its receiver refuses comes again."""
    salt = {"salt": secrets.token_hex(16)}
    after = act(actor, WEBHOOK["renew"], webhook, salt, expected=expected)
    return secret_of(after), after


def pause_webhook(
    actor: Actor, webhook: Webhook, *, note: str = "", expected: int | None = None
) -> Webhook:
    """Stop telling for now; the place in the log is kept."""
    return act(actor, WEBHOOK["pause"], webhook, note=note, expected=expected)


def resume_webhook(actor: Actor, webhook: Webhook, *, expected: int | None = None) -> Webhook:
    """Go on where it stopped: nothing of the time between is skipped."""
    return _anew(act(actor, WEBHOOK["resume"], webhook, expected=expected))


def close_webhook(
    actor: Actor, webhook: Webhook, *, note: str = "", expected: int | None = None
) -> Webhook:
    """End it for good."""
    with transaction.atomic():
        after = act(actor, WEBHOOK["close"], webhook, note=note, expected=expected)
        lease.end(after.follower)
    return after


def _anew(webhook: Webhook) -> Webhook:
    lease.try_now(webhook.follower)
    return webhook


def _check(fields: dict[str, Any]) -> None:
    """Refuse what can be known to tell nothing: an address not to be sent to, an unknown noun.

    Not a rule of the model: a name that is no longer found must not keep a webhook from closing.
    """
    for name in fields.get("names", ()):
        noun = str(name).partition(":")[0]
        if noun not in ("*", *record_kinds()):
            raise Invalid({"names": [f"Nothing is called “{noun[:40]}”. Try {_nouns()}."]})
    if "url" in fields:
        try:
            reachable(fields["url"])
        except Undelivered as error:
            raise Invalid({"url": [str(error)]}) from None


def _nouns() -> str:
    return ", ".join(sorted(record_kinds()))
