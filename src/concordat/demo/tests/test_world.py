"""The world as it was played: every state, on its day, by the actions that everybody uses."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from concordat.demo.clock import days_ago
from concordat.demo.enlarge import enlarge
from concordat.demo.history import build
from concordat.demo.play import World
from concordat.demo.world.tables import PLANS
from concordat.kernel.access import PUBLIC
from concordat.kernel.audit.models import Entry, Seal
from concordat.kernel.deeds import offered
from concordat.kernel.organisations.models import Parentage
from concordat.marketplace import queries
from concordat.marketplace.models import Agreement, DataService, Dataset, Distribution, ShareRequest
from concordat.tables.models import Flag, Share

pytestmark = [pytest.mark.once, pytest.mark.django_db]
TREASURY = "hm-treasury"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A small world, played once for these tests and taken back after them."""
    made = World(seed=7)
    with django_db_blocker.unblock(), transaction.atomic():
        build(made, 0.0005, lambda _line: None)
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("noun", [Dataset, DataService, ShareRequest, Agreement])
def test_every_state_of_the_lifecycle_is_there(world, noun):
    assert set(noun.objects.values_list("status", flat=True)) == set(noun.LIFECYCLE.states)


def test_every_table_stands_behind_exactly_one_dataset_which_describes_its_columns(world):
    behind = Distribution.objects.filter(table__isnull=False).select_related("dataset", "table")
    assert sorted(d.table.name for d in behind) == sorted(plan.name for plan in PLANS)
    for listed in behind:
        told = [column["name"] for column in listed.dataset.dictionary]
        assert told == [column["name"] for column in listed.table.latest.columns]
        assert all(column["description"] for column in listed.dataset.dictionary)


def test_one_unusual_read_was_looked_at_and_one_waits(world):
    assert sorted(Flag.objects.values_list("status", flat=True)) == ["open", "settled"]
    assert all("at least half of the table" in flag.words for flag in Flag.objects.all())


def test_there_are_sixty_datasets_and_eight_data_services_that_serve_some(world):
    assert (Dataset.objects.count(), DataService.objects.count()) == (60, 8)
    service = DataService.objects.get(title="Benefit claims API")
    assert [d.title for d in queries.served(PUBLIC, service)] == [
        "Benefit claims",
        "Benefit claims by local authority",
    ]


def test_related_records_are_there(world):
    known = set(Dataset.objects.values_list("reference", flat=True))
    related = [reference for d in Dataset.objects.all() for reference in d.related]
    assert len(related) > 60 and set(related) <= known


def test_an_expired_agreement_is_truly_past_and_was_in_force_in_its_time(world):
    past = Agreement.objects.get(status="ended", ends_on__lt=timezone.localdate())
    assert past.starts_on < past.ends_on < past.ended_at.date() < timezone.localdate()
    told = list(Entry.objects.of(past).order_by("id").values_list("name", flat=True))
    assert told[-2:] == ["agreement:countersign", "agreement:expire"]
    assert not Share.objects.filter(basis=past.reference).exclude(status="closed")


def test_an_agreement_was_closed_early_by_who_no_longer_needed_it(world):
    early = Agreement.objects.get(status="ended", ends_on__gt=timezone.localdate())
    assert Entry.objects.of(early).filter(name="agreement:close").exists()


def test_the_log_is_in_order_of_time_and_sealed_along_the_way(world):
    times = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert times == sorted(times) and (times[-1] - times[0]).days > 365
    assert Seal.objects.count() > 10


def test_the_approver_of_the_treasury_can_revoke_an_agreement_by_hand(world):
    live = Agreement.objects.get(owner__slug=TREASURY, status="in_force")
    verbs = {t.verb for t in offered(world.actor(TREASURY, "approver"), live)}
    assert "revoke" in verbs


def test_the_researcher_finds_a_request_and_an_agreement_of_their_own(world):
    researcher = world.actor("university-of-northbridge", "researcher")
    home = world.bodies["university-of-northbridge"]
    assert queries.requests(researcher).filter(owner=home).count() >= 2
    assert queries.agreements(researcher).filter(acquirer=home, status="in_force").exists()
    assert Share.objects.readable_by(researcher).exists()


def test_bodies_were_told_of_their_parents_when_they_were_made(world):
    debt_office = world.bodies["uk-debt-management-office"]
    assert Parentage.objects.get(child=debt_office).parent.slug == TREASURY


def test_people_have_names_of_their_own(world):
    names = {person.name for person in world.people.values()}
    assert len(names) > 120 and all(len(name.split()) == 2 for name in names)


def test_the_clock_goes_on_as_before_when_the_past_is_told():
    now = timezone.now
    with pytest.raises(ZeroDivisionError), days_ago(3):
        assert (now() - timezone.now()).days >= 2
        raise ZeroDivisionError
    assert timezone.now is now


def test_a_large_catalogue_is_made_once_and_goes_on_where_it_stopped(world):
    lines: list[str] = []
    assert enlarge(300, 7, lines.append) == 300
    assert enlarge(1200, 7, lines.append) == 900
    assert enlarge(1200, 7, lines.append) == 0
    assert Dataset.objects.filter(source="scale").count() == 1200
    assert "300 datasets in" in lines[1] and "there already" in lines[-1]


def test_a_large_catalogue_says_how_long_it_will_take(world, monkeypatch):
    monkeypatch.setattr("concordat.demo.enlarge._EVERY", 50)
    lines: list[str] = []
    enlarge(120, 7, lines.append)
    assert "50 of 120 datasets" in lines[1] and lines[1].endswith(" left")


@pytest.mark.parametrize("options", [["--scale", "banana"], ["--rows", "0"], ["--rows", "many"]])
def test_nonsense_is_refused_before_anything_is_built(options):
    with pytest.raises(CommandError, match=r"no (number of datasets|part of the rows)"):
        call_command("demo", *options, "--build-only")
