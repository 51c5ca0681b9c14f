"""Who gets in: nobody signs up; people are invited, or come from a body whose e-mail domain the issuer
vouches for."""

from __future__ import annotations

import time
from ipaddress import ip_address
from typing import Any, ClassVar, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect

from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import invite_person
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person

_WEAK: Final = {
    "password_too_short": "Enter a password of 8 characters or more",
    "password_too_common": "Enter a password that is harder to guess",
}
_WAYS: Final = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use your authenticator app",
    "mfa_reauthenticate:webauthn": "Use your security key or passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account for themselves."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Enter an e-mail address and password that belong together",
        "enter_current_password": "Enter the password you have now",
        "incorrect_password": "Enter the password you sign in with",
        "too_many_login_attempts": "Too many wrong passwords. Wait 5 minutes and try again",
        "rate_limited": "Too many tries. Wait a minute and try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as our own limits count it; “::” where the server tells none."""
        told = client_of(request)
        try:
            return str(ip_address(told))
        except ValueError:
            return "::"

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Always to the account's own address, so that the link proves that one and no other."""
        super().send_password_reset_mail(user, user.email, context)

    def address_is_theirs(self, user: Any) -> None:
        """Their address counts as verified: a link that went there came back."""
        address, _ = EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"primary": True}
        )
        if not address.verified:
            address.verified = True
            address.save(update_fields=["verified"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of whoever came in a moment ago: that took all the proof their account asks for."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        return time.time() - newest > app_settings.REAUTHENTICATION_TIMEOUT

    def clean_password(self, password: str, user: Any = None) -> Any:
        """The password, if it will do. Raises ValidationError in our words."""
        try:
            return super().clean_password(password, user)
        except ValidationError as error:
            found = [_WEAK.get(e.code or "", e.messages[0]) for e in error.error_list]
            raise ValidationError(found) from error

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's account."""
        return "/inside/account"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove oneself again, in our words."""
        found = super().get_reauthentication_methods(user)
        return [{**way, "description": _WAYS.get(way["id"], way["description"])} for way in found]


class FactorAdapter(DefaultMFAAdapter):
    """The second factor, in our words."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Enter the code that the app shows now",
        "unverified_email": "First show that your e-mail address is yours: ask for a new password, "
        "and use the link that comes.",
        "cannot_generate_recovery_codes": "Set up an authenticator app, security key or passkey "
        "first",
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 -- theirs
        """Key 1, Key 2 and so on."""
        held = user.authenticator_set.filter(type=type).count()
        return f"Key {held + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as the browser names it when it asks for a key."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Concordat"}


class IssuerAdapter(DefaultSocialAccountAdapter):
    """Who gets in through the issuer: people we know, and people of a body's own e-mail domain."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whether a body vouches for the address's domain and the issuer for the address."""
        return self._body(sociallogin) is not None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Turn away a closed account and a stranger, before anything is made."""
        person = sociallogin.user
        known = sociallogin.is_existing
        if known and not person.is_active:
            self._refuse(request)
        if not known and self._body(sociallogin) is None and not self._invited(sociallogin):
            self._refuse(request)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Open the account as every account is opened: by an invitation, in the log."""
        address = sociallogin.user.email
        name = sociallogin.account.extra_data.get("name") or address.partition("@")[0]
        body = self._body(sociallogin)
        assert body is not None  # is_open_for_signup asked
        sociallogin.user = invite_person(SYSTEM, body, address, str(name)[:150])
        sociallogin.save(request)
        return sociallogin.user

    @staticmethod
    def _verified(sociallogin: Any) -> list[str]:
        return [a.email.lower() for a in sociallogin.email_addresses if a.verified]

    def _invited(self, sociallogin: Any) -> bool:
        wanted = self._verified(sociallogin)
        return Person.objects.get_queryset().filter(email__in=wanted, is_active=True).exists()

    def _body(self, sociallogin: Any) -> Any:
        domains = {address.rpartition("@")[2] for address in self._verified(sociallogin)}
        for body in Organisation.objects.filter(status="live").exclude(domains=[]):
            if domains & {str(d).lower() for d in body.domains}:
                return body
        return None

    @staticmethod
    def _refuse(request: HttpRequest) -> None:
        text = "You have no account here. Ask an administrator of your organisation to invite you."
        messages.error(request, text)
        raise ImmediateHttpResponse(redirect("/sign-in"))
