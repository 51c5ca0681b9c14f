"""The tables app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class TablesConfig(AppConfig):
    """The tables app."""

    name = "concordat.tables"
    label = "tables"
