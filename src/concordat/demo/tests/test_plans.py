"""The world before it is played: plain data, the same for the same seed."""

from __future__ import annotations

import json
from argparse import ArgumentTypeError
from collections import Counter
from itertools import islice

import duckdb
import pytest

from concordat.demo.scale import count_of
from concordat.demo.world import catalogue, tables
from concordat.demo.world.bodies import bodies
from concordat.demo.world.names import names
from concordat.demo.world.requests import PATHS, REQUESTS

pytestmark = pytest.mark.once
SEED = 7


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    return {plan.name: tables.write(plan, SEED, folder, 0.05) for plan in tables.PLANS}


@pytest.fixture(scope="module")
def ask(written):
    """A question of a large table, as SQL; its answer as rows."""

    def asked(question, table):
        return duckdb.sql(question.format(f"'{written[table]}'")).fetchall()

    return asked


def test_the_same_seed_makes_the_same_plans_and_another_seed_others():
    assert catalogue.datasets(SEED) == catalogue.datasets(SEED) != catalogue.datasets(8)
    assert catalogue.services(SEED) == catalogue.services(SEED)


def test_the_same_seed_writes_the_same_rows_and_another_seed_others(written, tmp_path):
    for number, plan in enumerate(tables.PLANS):
        again = tables.write(plan, SEED, tmp_path, 0.05).read_bytes()
        assert again == written[plan.name].read_bytes(), plan.name
        if number in (0, 2):
            assert tables.write(plan, 8, tmp_path, 0.05).read_bytes() != again


def test_each_of_the_ten_tables_stands_behind_one_dataset_of_the_same_publisher():
    owners = {plan.title: plan.owner for plan in catalogue.datasets(SEED)}
    assert len(tables.BEHIND) == len(tables.PLANS) == 10
    assert all(owners[plan.dataset] == plan.owner for plan in tables.PLANS)


def test_every_table_has_columns_of_its_own_and_says_what_they_mean(ask, written):
    for plan in tables.PLANS:
        if written[plan.name].suffix == ".parquet":
            told = [row[0] for row in ask("DESCRIBE SELECT * FROM {}", plan.name)]
            assert told == list(plan.meanings)
        others = [set(p.meanings) for p in tables.PLANS if p is not plan]
        assert all(len(set(plan.meanings) & other) <= 4 for other in others)


def test_the_tables_are_as_awkward_as_real_ones(ask, written):
    def some(table, condition):
        return ask(f"SELECT count(*) FROM {{}} WHERE {condition}", table)[0][0] > 0

    assert some("claims", "claimed_on LIKE '%/%'") and some("claims", "claimed_on LIKE '%Mar%'")
    assert some("claims", "weekly_award < 0") and some("claims", "benefit LIKE '% '")
    assert some("claims", "local_authority = 'Ynys Môn'") and some("claims", "age_band = 'n/a'")
    assert some("weather", "air_temperature_c = -999") and some("weather", "rainfall_mm = 'tr'")
    assert some("air", "reading < 0") and some("air", "reading IS NULL")
    assert some("tests", "odometer = 999999") and some("tests", "failure_reasons LIKE '%; %'")
    total, several, appeals = ask(
        "SELECT count(*), count(DISTINCT claim_id), count(appeal_reference) FROM {}", "claims"
    )[0]
    assert several < total and appeals < total / 20
    assert ",c," in written["starts"].read_text() and ";.." in written["housing"].read_text()
    assert "Café" in written["spending"].read_text(encoding="cp1252")


def test_the_catalogue_is_described_in_full_and_in_order_of_time():
    plans = catalogue.datasets(SEED)
    assert len(plans) == len({plan.title for plan in plans}) == 60
    assert len({plan.values["description"] for plan in plans}) == 60
    for plan in plans:
        told = plan.values
        assert told["created_on"] <= told["issued_on"] <= told["modified_on"]
        assert set(told["keywords"]) - set(plan.title.lower().split())
        assert told["alternative_titles"] and told["dictionary"]
        assert ".example/" in told["landing_page"]
    listed = [one for plan in plans for one in plan.distributions]
    assert len(listed) > 80
    addresses = [one.get(name) for one in listed for name in ("access_url", "download_url")]
    assert all(".example/" in address for address in addresses if address)


def test_eight_data_services_serve_datasets_of_the_catalogue():
    known = {plan.title for plan in catalogue.datasets(SEED)}
    plans = catalogue.services(SEED)
    assert len(plans) == 8
    assert all(plan.serves and set(plan.serves) <= known for plan in plans)


def test_several_hundred_people_can_be_named_and_nobody_twice():
    found = list(islice(names(SEED, {"Aled Abara"}), 900))
    assert len(set(found)) == 900 and "Aled Abara" not in found
    assert found == list(islice(names(SEED, {"Aled Abara"}), 900))


def test_there_are_twenty_agencies_and_every_parent_is_there():
    plans = bodies()
    assert Counter(plan.kind for plan in plans)["executive-agency"] == 20
    assert {plan.parent for plan in plans if plan.parent} <= {plan.slug for plan in plans}


def test_the_bodies_are_those_of_gov_uk(shared):
    """By address and name. One department was renamed after the list was taken."""
    path = shared / "evaluations" / "govuk-orgs" / "organisations.json"
    listed = {row["details"]["slug"]: row["title"].strip() for row in json.loads(path.read_text())}
    ours = {plan.slug: plan.name for plan in bodies() if plan.is_government}
    unlike = {slug for slug, name in ours.items() if listed.get(slug) != name}
    assert unlike == {"ministry-of-housing-communities-local-government"}


def test_each_request_takes_its_path_in_order_of_time():
    assert {plan.end for plan in REQUESTS} == set(PATHS)
    for plan in REQUESTS:
        assert len(plan.days) == len(PATHS[plan.end])
        assert list(plan.days) == sorted(plan.days, reverse=True)


@pytest.mark.parametrize(("text", "count"), [("1k", 1000), ("100K", 100_000), ("250", 250)])
def test_a_scale_is_a_number_of_datasets(text, count):
    assert count_of(text) == count


@pytest.mark.parametrize("text", ["banana", "", "0", "-5", "1.5k", "9999m", "k"])
def test_nonsense_is_no_scale(text):
    with pytest.raises(ArgumentTypeError, match="no number of datasets"):
        count_of(text)
