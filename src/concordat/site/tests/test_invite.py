"""Somebody is invited, gets an e-mail, sets a password and a second factor, and is in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.administration import actions
from concordat.kernel.notices import post
from concordat.kernel.people.models import Person
from concordat.kernel.refusals import NotAllowed, NotVisible, WrongState
from concordat.site.wiring import LETTERS
from concordat.site.worker import catch_up
from tests.script import script

PASSWORD = "correct horse battery staple"
ADDRESS = "nia@treasury.example"


@pytest.fixture(autouse=True)
def strict(settings, cast):
    """As it comes: a second factor is required."""
    cache.clear()
    settings.ENV = settings.ENV.model_copy(update={"require_second_factor": True})


@pytest.fixture
def nia(cast):
    return actions.invite_person(cast.ada, cast.bodies["treasury"], ADDRESS, "Nia Rees")


def posted():
    """What goes out by e-mail when the worker has done its round."""
    mail.outbox.clear()
    catch_up()
    post.post(letters=LETTERS)
    return list(mail.outbox)


def link_in(message):
    return re.search(r"http://[^/]+(/sign-in/password/reset/key/\S+)", message.body).group(1)


def set_password(link, password=PASSWORD):
    client = Client()
    response = client.get(link, follow=True)
    if "password1" not in response.content.decode():
        return client, response
    sent = {"password1": password, "password2": password}
    return client, client.post(response.request["PATH_INFO"], sent)


def code_of(secret):
    return f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06}"


def test_from_the_invitation_to_being_in(nia):
    (message,) = posted()
    assert message.to == [ADDRESS]
    assert message.subject == "Ada has invited you to Concordat for HM Treasury"
    client, response = set_password(link_in(message))
    assert (response.status_code, response.url) == (302, "/inside")
    assert client.get("/inside").url == "/sign-in/2fa/", "a password alone lets nobody in"
    page = client.get("/sign-in/2fa/totp/activate/")
    secret = re.search(r"Key: <code[^>]*>(\w+)<", page.content.decode()).group(1)
    done = client.post("/sign-in/2fa/totp/activate/", {"code": code_of(secret)})
    assert (done.status_code, done.url) == (302, "/sign-in/2fa/recovery-codes/")
    assert client.get(done.url).status_code == 200
    assert client.get("/inside").status_code == 200

    cache.clear()  # a code counts once in its half minute
    again = Client()
    asked = again.post("/sign-in/login/", {"login": ADDRESS, "password": PASSWORD})
    assert asked.url == "/sign-in/2fa/authenticate/"
    assert again.get("/inside").status_code == 302
    assert again.post(asked.url, {"code": code_of(secret)}).status_code == 302
    assert again.get("/inside").status_code == 200


def test_the_address_counts_as_verified_once_the_link_was_used_and_not_before(nia):
    (message,) = posted()
    assert not EmailAddress.objects.filter(user=nia, verified=True).exists()
    Client().get(link_in(message), follow=True)  # a mail filter looks at links too
    assert not EmailAddress.objects.filter(user=nia, verified=True).exists()
    set_password(link_in(message))
    assert EmailAddress.objects.filter(user=nia, email=ADDRESS, verified=True).exists()


def test_a_link_works_once(nia):
    (message,) = posted()
    set_password(link_in(message))
    _, response = set_password(link_in(message), "another password altogether")
    assert "This link no longer works" in response.content.decode()
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)


def test_a_link_works_for_three_days(nia, monkeypatch):
    (message,) = posted()
    later = datetime.now() + timedelta(days=3, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
    _, response = set_password(link_in(message))
    assert "This link no longer works" in response.content.decode()


def test_a_closed_account_gets_no_link_and_can_use_none(nia, cast):
    (message,) = posted()
    again = actions.invite_again(cast.ada, nia)
    actions.close_person(cast.ada, again)
    assert posted() == []
    _, response = set_password(link_in(message))
    assert "This link no longer works" in response.content.decode()
    nia.refresh_from_db()
    assert not nia.has_usable_password()


def test_an_invitation_is_sent_again_until_somebody_is_in(nia, cast):
    assert len(posted()) == 1
    assert posted() == [], "once for each time somebody asks"
    page = Client()
    page.force_login(cast.people["ada"], "allauth.account.auth_backends.AuthenticationBackend")
    assert b"Send the invitation again" in page.get(f"/inside/admin/people/{nia.pk}").content
    page.post(f"/inside/admin/people/{nia.pk}/invite_again", {"version": nia.version})
    (message,) = posted()
    assert script(cast.ada).post(f"/people/{nia.pk}/invite-again").status_code == 200
    assert len(posted()) == 1
    set_password(link_in(message))
    with pytest.raises(WrongState):
        actions.invite_again(cast.ada, Person.objects.get(pk=nia.pk))
    assert b"Send the invitation again" not in page.get(f"/inside/admin/people/{nia.pk}").content


def test_only_who_may_invite_sends_an_invitation_again(nia, cast):
    with pytest.raises(NotVisible):
        actions.invite_again(cast.olive, nia)
    with pytest.raises(NotAllowed):
        actions.invite_again(cast.olive, cast.people["olive"])


def test_nobody_learns_whether_an_address_has_an_account(nia):
    answers = []
    for address in (ADDRESS, "nobody@nowhere.example"):
        response = Client().post("/sign-in/password/reset/", {"email": address}, follow=True)
        answers.append((response.status_code, response.redirect_chain, _plain(response)))
    assert answers[0] == answers[1]
    assert [m.to for m in mail.outbox] == [[ADDRESS], ["nobody@nowhere.example"]]
    assert "no account" in mail.outbox[1].body


def test_a_link_to_nobodys_account_says_what_a_spent_one_says(nia):
    (message,) = posted()
    set_password(link_in(message))
    spent = _plain(Client().get(link_in(message)))
    assert spent == _plain(Client().get("/sign-in/password/reset/key/zzz-abc-def/"))


def _plain(response):
    return re.sub(r'value="[\w-]{40,}"', "", response.content.decode())


def test_a_mail_that_could_not_go_is_tried_again(nia, settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "no.such.Backend"
    assert posted() == []
    settings.EMAIL_BACKEND = backend
    assert len(posted()) == 1


def test_a_new_platform_gets_its_first_administrator_from_the_console(db, capsys):
    told = ("administrator", "glyn@wales.example", "--name=Glyn Rees", "--body=wales")
    with pytest.raises(CommandError, match="--body-name"):
        call_command(*told)
    assert not Person.objects.filter(email="glyn@wales.example").exists()
    call_command(*told, "--body-name=Wales Office")
    link = re.search(r"http://[^/]+(/sign-in/\S+)", capsys.readouterr().out)[1]
    client, _ = set_password(link)
    assert client.get("/inside", follow=True).status_code == 200
    call_command(*told)
    assert "They set a password" not in capsys.readouterr().out
    glyn = Person.objects.get(email="glyn@wales.example")
    assert [g.role for g in glyn.grants.filter(status="active")] == ["platform_administrator"]
    with pytest.raises(CommandError, match="email address"):
        call_command("administrator", "nobody", "--name=N", "--body=wales")


def test_a_closed_account_is_made_no_administrator(cast):
    actions.close_person(SYSTEM, cast.people["asha"])
    asha = cast.people["asha"].email
    with pytest.raises(CommandError, match="closed"):
        call_command("administrator", asha, "--name=Asha", "--body=pensions")
    assert not Grant.objects.filter(person__email=asha, role="platform_administrator").exists()
