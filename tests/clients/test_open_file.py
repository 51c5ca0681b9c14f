"""`concordat verify` over the wire: the open file of a site that is served, and its public log."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest


def manifest(site):
    """The address of today's file, and its manifest, once the worker has made them."""
    stem = f"{site.url}/evaluations/open/{datetime.now(UTC):%Y-%m-%d}"
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{stem}.manifest.json", timeout=5) as answer:
                return stem, json.loads(answer.read())
        except urllib.error.HTTPError:
            time.sleep(0.2)
    pytest.fail("the worker made no open file")


def test_the_open_file_is_checked_against_the_log_from_addresses_alone(site):
    stem, told = manifest(site)
    assert told["evaluations"] > 5
    done = site.run("verify", f"{site.url}/audit", "--open", f"{stem}.json", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verified" in done.stdout
