"""Every operation of the API, as its own description says it is: all of schemathesis's checks."""

from __future__ import annotations

from datetime import timedelta

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, settings

from concordat.kernel.administration.actions import issue_token
from concordat.site.wsgi import application

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# Its systematic phase sends hundreds of cases to each operation, which takes minutes: here the
# random cases, and `schemathesis run --checks all` against a site for the rest.
SCHEMA.config.phases.coverage.enabled = False
pytestmark = pytest.mark.once


@pytest.fixture
def bearer(cast, agreement):
    """A steward who may do most things, in a world where there is something to do them to."""
    ends = timezone.now() + timedelta(days=1)
    secret, _ = issue_token(cast.olive, "schemathesis", ["read", "write", "admin"], ends)
    return {"Authorization": f"Bearer {secret}"}


@SCHEMA.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_description_says(case, bearer):
    case.call_and_validate(headers=bearer)
