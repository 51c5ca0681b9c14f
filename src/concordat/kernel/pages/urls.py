"""Addresses of the kernel's own pages."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from concordat.kernel.administration import oauth
from concordat.kernel.pages import public, webhooks
from concordat.kernel.pages.views import account, administration, clients, people, roles, work


class Day:
    """A date in an address."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> str:
        """As it is. Raises ValueError for a day that no month has, which is then no address."""
        date.fromisoformat(value)
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Day, "day")

public_urls = [
    path("search", public.search, name="search"),
    path("organisations", public.organisations, name="organisations"),
    path("organisations/<slug:slug>", public.organisation, name="organisation"),
    path("audit", public.audit, name="audit"),
    path("audit/seals.jsonl", public.seals),
    path("audit/days/<day:date>.jsonl", public.day),
    path("audit/days/<day:date>", public.day_page),
    path("audit/record/<str:reference>", public.record),
    path("audit/proof/<int:entry>.json", public.proof, name="proof"),
    path("audit/consistency/<int:first>/<int:second>.json", public.consistency),
]

inside_urls = [
    path("search", work.search),
    path("notices", work.notices),
    path("jobs", work.jobs),
    path("jobs/<int:pk>", work.job),
    path("jobs/<int:pk>/<str:verb>", work.job_verb),
    path("links/new", work.new_link),
    path("links/<int:pk>/remove", work.link_remove),
    path("account", account.index),
    path("account/details", account.details),
    path("account/notices", account.preference),
    path("account/tokens", account.tokens),
    path("account/tokens/new", account.new_token),
    path("account/tokens/<int:pk>/revoke", account.revoke_token),
    path("account/device", account.device),
    path("admin", administration.index),
    path("admin/people", people.people),
    path("admin/people/new", people.invite),
    path("admin/people/<int:pk>", people.person),
    path("admin/people/<int:pk>/<str:verb>", people.person_verb),
    path("admin/roles", roles.roles),
    path("admin/roles/new", roles.new_role),
    path("admin/roles/<int:pk>/revoke", roles.revoke_role),
    path("admin/clients", clients.clients),
    path("admin/clients/new", clients.new_client),
    path("admin/clients/<int:pk>", clients.client),
    path("admin/clients/<int:pk>/edit", clients.client_edit),
    path("admin/clients/<int:pk>/renew", clients.client_renew),
    path("admin/clients/<int:pk>/<str:verb>", clients.client_verb),
    path("admin/organisations", administration.organisations),
    path("admin/new-organisation", administration.new_organisation),
    path("admin/organisations/<slug:slug>", administration.organisation),
    path("admin/organisations/<slug:slug>/edit", administration.organisation_edit),
    path("admin/organisations/<slug:slug>/place", administration.organisation_place),
    path("admin/organisations/<slug:slug>/<str:verb>", administration.organisation_verb),
    path("admin/webhooks", webhooks.webhooks),
    path("admin/webhooks/new", webhooks.new_webhook),
    path("admin/webhooks/<int:pk>", webhooks.webhook),
    path("admin/webhooks/<int:pk>/<slug:verb>", webhooks.verb),
]

oauth_urls = [
    path("token", oauth.token),
    path("device", oauth.device),
]
