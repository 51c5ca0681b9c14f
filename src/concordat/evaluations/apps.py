"""The evaluations app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """The evaluations app."""

    name = "concordat.evaluations"
    label = "evaluations"

    def ready(self) -> None:
        """Fill the register of roles."""
        from concordat.evaluations.policy import ROLES, Can
        from concordat.kernel.access import register

        register(Can, ROLES)
