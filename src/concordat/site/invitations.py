"""The e-mail by which an invited person gets in."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from concordat.kernel.notices.models import Notice
from concordat.kernel.people.models import Person


def invitation(notice: Notice) -> tuple[str, str] | None:
    """(subject, text) of an invitation; None for who has signed in since, or whose account closed.

    The link is made as the e-mail goes and stands in no table. It is the library's own for a
    forgotten password: signed, for three days, and spent by the password that it sets.
    """
    person = notice.person
    if not person.is_active or person.last_login is not None:
        return None
    context = {
        "person": person,
        "says": notice.text,
        "link": password_link(person),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "site": settings.BASE_URL,
    }
    return notice.text, render_to_string("site/email/invitation.txt", context)


def password_link(person: Person) -> str:
    """The address at which a person sets a password, once."""
    uid, key = user_pk_to_url_str(person), default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.BASE_URL}{path}"
