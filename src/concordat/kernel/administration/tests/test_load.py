"""The real list of organisations, with its known numbers."""

from __future__ import annotations

import json
from datetime import date

import pytest

from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.administration.load_organisations import load_organisations
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.organisations.queries import current, rolled_up
from concordat.kernel.refusals import Invalid
from tests.cast import make_body


@pytest.fixture
def path(shared):
    return shared / "evaluations" / "govuk-orgs" / "organisations.json"


def body(slug):
    return Organisation.objects.get(slug=slug)


@pytest.mark.once
def test_the_real_list_comes_in_and_a_second_run_changes_nothing(db, path):
    report = load_organisations(path)
    assert report.counts["made"] == 1169
    assert Organisation.objects.filter(status="closed").count() == 464
    assert Organisation.objects.exclude(parents=None).distinct().count() == 712
    assert not Organisation.objects.filter(name__endswith=" ").exists()
    before = Entry.objects.count(), list(Parentage.objects.order_by("pk").values())
    load_organisations(path)
    assert (Entry.objects.count(), list(Parentage.objects.order_by("pk").values())) == before
    the_list_gave_its_dates_names_and_both_ends_of_each_tie()


def the_list_gave_its_dates_names_and_both_ends_of_each_tie():
    old, new = body("academy-for-social-justice-commissioning"), body("academy-for-social-justice")
    assert Succession.objects.get(predecessor=old, successor=new).on == date(2019, 4, 1)
    assert {p.ends for p in old.parentages.all()} == {date(2019, 4, 1)}
    assert {p.ends for p in new.parentages.all()} == {None}
    assert "Academy for Social Justice Commissioning" in new.aliases
    assert "DWP" in body("department-for-work-pensions").aliases
    assert body("welsh-government") in body("planning-inspectorate").parents.all()
    assert Parentage.objects.count() == 778
    outside = Organisation.objects.filter(is_government=False)
    assert outside.count() == 11
    assert outside.filter(slug="royal-parks").exists()


def test_what_upstream_takes_back_is_taken_back_and_what_was_added_here_stays(db, path, tmp_path):
    of = ("academy-for-social-justice", "ministry-of-justice", "academy-for-justice")
    items = json.loads(path.read_text("utf-8"))
    items = [item for item in items if item["details"]["slug"].startswith(of)]
    few = tmp_path / "few.json"
    few.write_text(json.dumps(items))
    load_organisations(few)
    child = body("academy-for-social-justice-commissioning")
    assert (child.status, child.parents.count(), child.successors.count()) == ("closed", 1, 1)
    act(SYSTEM, ORGANISATION["edit"], child, {"aliases": [*child.aliases, "Our own name"]})
    for item in items:
        item["child_organisations"] = []
        item["superseded_organisations"] = []
        if item["details"]["slug"] == child.slug:
            item["details"] |= {"govuk_status": "live", "closed_at": None}
            item |= {"parent_organisations": [], "superseding_organisations": []}
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(items))
    assert load_organisations(changed).counts["reopened"] == 1
    child = body(child.slug)
    assert (child.status, child.parents.count(), child.successors.count()) == ("live", 0, 0)
    assert "Our own name" in child.aliases


def test_a_renamed_body_rolls_up_and_a_circle_ends(db):
    old, middle, new = (make_body(s, s.title()) for s in ("old", "middle", "new"))
    Succession.objects.create(predecessor=old, successor=middle)
    Succession.objects.create(predecessor=middle, successor=new)
    assert current(PUBLIC, old) == [new]
    assert rolled_up([new.pk]) == {old.pk, middle.pk, new.pk}
    Succession.objects.create(predecessor=new, successor=old)
    assert len(current(PUBLIC, old)) == 1


def test_a_file_of_another_kind_is_refused(db, tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"title": "x"}]')
    with pytest.raises(Invalid):
        load_organisations(path)
