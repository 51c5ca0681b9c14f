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
        from concordat.kernel.access import policy, register
        from concordat.kernel.files import policy as files
        from concordat.kernel.jobs import policy as jobs
        from concordat.kernel.links import policy as links
        from concordat.kernel.notices import policy as notices
        from concordat.kernel.webhooks import policy as webhooks

        for room in (policy, files, links, jobs, notices, webhooks):
            register(room.Can, room.ROLES)
