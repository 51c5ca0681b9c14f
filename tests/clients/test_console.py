"""The console does what the API does, by name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest


@pytest.fixture
def concordat(site, tmp_path):
    def run(*words: str, key: str = "steward") -> subprocess.CompletedProcess[str]:
        environment = {
            **site.environment,
            "CONCORDAT_URL": site.url,
            "CONCORDAT_TOKEN": site.people[key]["token"],
            "XDG_CONFIG_HOME": str(tmp_path),
        }
        command = [sys.executable, "-m", "concordat", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    return run


def test_a_dataset_is_drafted_submitted_and_published_from_the_console(concordat):
    drafted = concordat(
        "dataset",
        "draft",
        "--owner",
        "hm-treasury",
        "--title",
        "From the console",
        "--description",
        "Drafted by a script.",
        "--contact-name",
        "Team",
        "--contact-email",
        "team@hm-treasury.example",
        "--modified-on",
        "2026-01-31",
        "--keywords",
        "one,two",
        "--json",
    )
    made = json.loads(drafted.stdout)
    assert made["keywords"] == ["one", "two"]
    assert "submit" in made["can"]
    assert concordat("dataset", "submit", made["reference"]).returncode == 0
    refused = concordat("dataset", "publish", made["reference"])
    assert (refused.returncode, "cannot do that" in refused.stderr) == (1, True)
    published = concordat("dataset", "publish", made["reference"], "--json", key="approver")
    assert json.loads(published.stdout)["status"] == "published"


def test_a_wrong_field_is_named_with_its_mend(concordat):
    answer = concordat("dataset", "draft", "--owner", "hm-treasury", "--title", "")
    assert answer.returncode == 1
    assert "title" in answer.stderr


def test_lists_are_lines_and_unknown_words_are_met_with_what_there_is(concordat):
    assert len(concordat("datasets", "list").stdout.splitlines()) >= 20
    assert "Choose from" in concordat("planets", "list").stderr
    assert "there is" in concordat("dataset", "explode", "DS-0000-00").stderr


def test_the_log_verifies_from_the_public_files_of_a_running_site(site):
    site.run("shell", "-c", "from concordat.kernel.audit.sealing import seal; seal()")
    checked = site.run("verify", f"{site.url}/audit", check=False)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("Verified")
