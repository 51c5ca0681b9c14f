"""E-mail: at once, or one digest a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from concordat.kernel.notices.models import Notice

log = structlog.get_logger()


# From a notice to an e-mail of its own, (subject, text), or None when there is nothing to send now.
Letter = Callable[[Notice], tuple[str, str] | None]


def post(
    now: datetime | None = None, limit: int = 200, letters: Mapping[str, Letter] | None = None
) -> int:
    """Send what waits for people who want e-mail at once; returns how many e-mails went.

    `letters` are the e-mails, by the name of the deed, that say more than their notice does; they
    are written when they are sent, so that what they hold is kept nowhere. A notice is marked only
    after its e-mail was handed over, so a failure is tried again.
    """
    now = now or timezone.now()
    letters = letters or {}
    waiting = (
        Notice.objects.filter(posted_at=None)
        .exclude(person__preference__email="daily")  # theirs wait for the digest and hold up nobody
        .select_related("person", "person__preference")
    )
    sent = 0
    for notice in waiting.order_by("-at", "id")[:limit]:
        went = _post_one(notice, letters.get(notice.name))
        if went is None:
            continue
        Notice.objects.filter(pk=notice.pk).update(posted_at=now)
        sent += went
    return sent


def _post_one(notice: Notice, letter: Letter | None) -> int | None:
    """How many e-mails a notice made; None when one could not be sent."""
    if letter is not None:
        written = letter(notice)
        if written is None:
            return 0
        return 1 if _hand_over(notice.person.email, *written) else None
    if getattr(getattr(notice.person, "preference", None), "email", "at_once") != "at_once":
        return 0
    return 1 if _send(notice.person.email, notice.text, [notice]) else None


def post_digests(now: datetime | None = None) -> int:
    """One e-mail for each person who wants them daily, with what waits; returns how many."""
    now = now or timezone.now()
    waiting = (
        Notice.objects.filter(posted_at=None, person__preference__email="daily")
        .select_related("person")
        .order_by("person_id", "id")
    )
    sent = 0
    for _, group in groupby(waiting, lambda notice: notice.person_id):
        notices = list(group)
        subject = f"{len(notices)} things happened on Concordat"
        if _send(notices[0].person.email, subject, notices):
            Notice.objects.filter(pk__in=[n.pk for n in notices]).update(posted_at=now)
            sent += 1
    return sent


def _send(address: str, subject: str, notices: Sequence[Notice]) -> bool:
    lines = [f"{notice.text}\n{settings.BASE_URL}{notice.url}" for notice in notices]
    foot = f"Choose which e-mails you get: {settings.BASE_URL}/inside/account/notices"
    return _hand_over(address, subject, "\n\n".join([*lines, foot]))


def _hand_over(address: str, subject: str, text: str) -> bool:
    try:
        send_mail(subject[:150], text, None, [address])
    except Exception:
        log.exception("an e-mail could not be sent")
        return False
    return True
