"""The demo app as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo app."""

    name = "concordat.demo"
    label = "demo"
