"""The kernel as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the kernel's own permissions and roles."""

    name = "concordat.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the register of roles."""
        from concordat.kernel.access import register
        from concordat.kernel.access.policy import ROLES, Can

        register(Can, ROLES)
