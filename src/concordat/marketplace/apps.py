"""The marketplace app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    """The marketplace app."""

    name = "concordat.marketplace"
    label = "marketplace"

    def ready(self) -> None:
        """Fill the register of roles."""
        from concordat.kernel.access import register
        from concordat.marketplace.policy import ROLES, Can

        register(Can, ROLES)
