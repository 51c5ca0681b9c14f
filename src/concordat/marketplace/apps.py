"""The marketplace app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """The marketplace app."""

    name = "concordat.marketplace"
    label = "marketplace"
