"""The tables app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """The tables app."""

    name = "concordat.tables"
    label = "tables"

    def ready(self) -> None:
        """Fill the register of roles."""
        from concordat.kernel.access import register
        from concordat.tables.policy import ROLES, Can

        register(Can, ROLES)
