"""The cast is known to every test, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest_plugins = ["tests.cast", "tests.site"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Tables for the records that only tests know, so that what reads every kind can read them."""
    from django.apps import apps
    from django.db import connection

    made = [model for model in apps.get_models() if ".tests." in model.__module__]
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in made:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in made:
                editor.delete_model(model)
