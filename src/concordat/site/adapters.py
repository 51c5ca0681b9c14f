"""Who gets in: nobody signs up; people are invited, or come from a body whose e-mail domain the issuer
vouches for."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import invite_person
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Nobody opens an account for themselves."""

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
