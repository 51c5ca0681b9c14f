"""The real list of organisations, with its known numbers."""

from __future__ import annotations

import pytest

from concordat.kernel.access import PUBLIC
from concordat.kernel.administration.load_organisations import load_organisations
from concordat.kernel.audit.models import Entry
from concordat.kernel.organisations.models import Organisation, Succession
from concordat.kernel.organisations.queries import current, rolled_up
from concordat.kernel.refusals import Invalid
from tests.cast import make_body


def test_the_real_list_comes_in_and_a_second_run_changes_nothing(db, shared):
    path = shared / "evaluations" / "govuk-orgs" / "organisations.json"
    report = load_organisations(path)
    assert report.counts["made"] == 1169
    assert Organisation.objects.filter(status="closed").count() == 464
    assert Organisation.objects.exclude(parents=None).distinct().count() == 712
    assert not Organisation.objects.filter(name__endswith=" ").exists()
    before = Entry.objects.count()
    load_organisations(path)
    assert Entry.objects.count() == before


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
