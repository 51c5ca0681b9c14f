"""Addresses of the kernel's own pages."""

from __future__ import annotations

from django.urls import path, register_converter

from concordat.kernel.administration import oauth
from concordat.kernel.pages import public, views, webhooks


class Day:
    """A date in an address."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> str:
        """As it is."""
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
    path("search", views.search),
    path("notices", views.notices),
    path("account/notices", views.preference),
    path("account/tokens", views.tokens),
    path("account/tokens/new", views.new_token),
    path("account/tokens/<int:pk>/revoke", views.revoke_token),
    path("account/device", views.device),
    path("jobs", views.jobs),
    path("jobs/<int:pk>", views.job),
    path("admin/people", views.people),
    path("admin/people/new", views.invite),
    path("admin/people/<int:pk>", views.person),
    path("admin/roles/<int:pk>/revoke", views.revoke_role),
    path("admin/webhooks", webhooks.webhooks),
    path("admin/webhooks/new", webhooks.new_webhook),
    path("admin/webhooks/<int:pk>", webhooks.webhook),
    path("admin/webhooks/<int:pk>/<slug:verb>", webhooks.verb),
]

oauth_urls = [
    path("token", oauth.token),
    path("device", oauth.device),
]
