"""E-mail: at once, or one digest a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from concordat.kernel.notices.models import Notice

log = structlog.get_logger()


def post(now: datetime | None = None, limit: int = 200) -> int:
    """Send what waits for people who want e-mail at once; returns how many e-mails went.

    A notice is marked only after its e-mail was handed over, so a failure is tried again.
    """
    now = now or timezone.now()
    waiting = (
        Notice.objects.filter(posted_at=None)
        .exclude(person__preference__email="daily")  # theirs wait for the digest and hold up nobody
        .select_related("person", "person__preference")
    )
    sent = 0
    for notice in waiting.order_by("-at", "id")[:limit]:
        wish = getattr(getattr(notice.person, "preference", None), "email", "at_once")
        if wish == "at_once" and not _send(notice.person.email, notice.text, [notice]):
            continue
        Notice.objects.filter(pk=notice.pk).update(posted_at=now)
        sent += wish == "at_once"
    return sent


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
    try:
        send_mail(subject[:150], "\n\n".join([*lines, foot]), None, [address])
    except Exception:
        log.exception("an e-mail could not be sent")
        return False
    return True
