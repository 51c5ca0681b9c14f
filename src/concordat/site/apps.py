"""The site app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site app."""

    name = "concordat.site"
    label = "site"
