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


def test_a_body_is_run_from_the_console(concordat):
    who = json.loads(concordat("me", "get", "--json", key="administrator").stdout)
    assert "administrator" in [role["role"] for role in who["roles"]]
    invited = concordat(
        "person",
        "invite",
        "--owner",
        who["organisation"]["slug"],
        "--email",
        "new@hm-treasury.example",
        "--name",
        "Nell New",
        "--json",
        key="administrator",
    )
    pk = str(json.loads(invited.stdout)["id"])
    given = concordat(
        *(
            "grant",
            "give",
            "--owner",
            "hm-treasury",
            "--role",
            "analyst",
            "--kind",
            "person",
            "--id",
            pk,
        ),
        key="administrator",
    )
    assert "holder: Nell New" in given.stdout
    assert "Nell New" in concordat("people", "list", "--limit", "100", key="administrator").stdout
    assert concordat("person", "close", pk, key="administrator").returncode == 0
    assert json.loads(concordat("tokens", "list", "--json").stdout)["items"]


def test_search_and_help_are_typed_as_they_are_said(concordat):
    found = json.loads(concordat("search", "--q", "data", "--kind", "dataset", "--json").stdout)
    assert found["total"] and {hit["kind"] for hit in found["hits"]} == {"dataset"}
    assert "in all, page 1" in concordat("search", "list", "--q", "data").stdout
    told = concordat("--help").stdout
    assert "person" in told and "publish-to-government" in told and "concordat help" in told
    assert "--email (needed)" in concordat("person", "invite", "--help").stdout
    assert "For person there is:" in concordat("person", "--help").stdout


def test_lists_are_lines_and_unknown_words_are_met_with_what_there_is(concordat):
    assert len(concordat("datasets", "list").stdout.splitlines()) >= 20
    assert "Choose from" in concordat("planets", "list").stderr
    assert "there is" in concordat("dataset", "explode", "DS-0000-00").stderr


def test_the_log_verifies_from_the_public_files_of_a_running_site(site):
    site.run("shell", "-c", "from concordat.kernel.audit.sealing import seal; seal()")
    checked = site.run("verify", f"{site.url}/audit", check=False)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("Verified")


def test_the_rows_of_a_share_come_out_as_they_are(site, concordat):
    listed = json.loads(concordat("shares", "list", "--json", key="analyst").stdout)["items"]
    home = site.people["analyst"]["organisation"]
    share = next(s for s in listed if s["status"] == "open" and s["recipient"]["name"] == home)
    out = concordat("share", "read", share["reference"], key="analyst").stdout
    assert len(out.splitlines()) > 10
    refused = concordat("share", "read", share["reference"], key="administrator")
    assert refused.returncode != 0


def test_a_file_of_evaluations_is_brought_in_by_its_place_alone(concordat, tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("Your identifier,Title\nconsole-1,From the console\n", "utf-8")
    told = ("--owner", "department-for-work-pensions", "--dry", "true", "--json")
    answer = concordat("evaluations", "import", str(file), *told, key="evaluator")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["title"] == "Check in.csv"
    missing = concordat("evaluations", "import", "nowhere.csv", *told, key="evaluator")
    assert (missing.returncode, "nowhere.csv" in missing.stderr) == (1, True)
    assert "FILE" in concordat("evaluations", "import", "--help", key="evaluator").stdout
