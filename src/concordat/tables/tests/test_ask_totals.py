"""Totals are asked for through a share: what would tell of a few is hidden, whatever came before."""

from __future__ import annotations

import pytest
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.lifecycle import GRANT
from concordat.kernel.access.models import Grant
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act
from concordat.kernel.refusals import Conflict, Invalid, NotAllowed, NotVisible, WrongState
from concordat.tables import actions
from concordat.tables.actions import ask_totals
from concordat.tables.actions import outputs as asking
from concordat.tables.models import Output, Share
from concordat.tables.plane.aggregate import Aggregate, Dimension
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.predicate import Compare
from concordat.tables.sharing import totals as judging
from concordat.tables.tests.totals import COLUMNS, COUNTS, count, hidden, shared, shown, table_of

__all__ = ["shared", "table_of"]  # fixtures


def test_small_cells_are_hidden_and_so_is_what_would_give_them_away(cast, shared):
    found = ask_totals(cast.asha, shared(), count("Unit", "Grade"))
    assert (found.status, found.visibility) == ("part_released", 1)
    assert ("Spending", "HEO") in hidden(found)
    assert len(hidden(found)) >= 4
    told = shown(found)
    assert told[()] == sum(COUNTS.values())
    assert all(COUNTS[place] == value for place, value in told.items() if len(place) == 2)
    assert found.rules == []  # with them the two kinds of hidden cells could be told apart


def test_a_table_with_nothing_to_hide_is_released_whole(cast, shared):
    found = ask_totals(cast.asha, shared(), count("Unit"))
    assert (found.status, hidden(found)) == ("released", set())
    assert shown(found)["Tax",] == 61


def test_a_name_that_few_have_is_left_out_and_the_table_is_not_whole(cast, shared, table_of):
    table = table_of({**COUNTS, ("Ada Lovelace", "EO"): 1})
    found = ask_totals(cast.asha, shared(table), count("Unit"))
    assert found.status == "part_released"
    assert "Ada" not in str(found.figures)
    assert not any("Unit" in str(near.dimensions) for near in found.near)


def test_a_sum_that_one_makes_up_is_hidden(cast, shared, table_of):
    table = table_of(pay=lambda n: 9_000_000 if n == 36 else 10)  # in one unit alone
    asked = Aggregate((Dimension("unit"),), "sum", "pay")
    found = ask_totals(cast.asha, shared(table), asked)
    assert ("Spending",) in hidden(found)
    assert found.request["of"] == "Pay"  # as the table spells it
    mean = ask_totals(cast.asha, shared(basis="AG-TEST-02", table=table), count("Unit"))
    assert shown(mean)["Spending",] == 40


def test_two_tables_do_not_give_by_their_difference_what_neither_may_show(cast, shared):
    share = shared()
    first = ask_totals(cast.asha, share, count("Unit", "Grade", margins=False))
    assert hidden(first) == {("Spending", "HEO")}
    second = ask_totals(cast.asha, share, count("Unit", margins=False))
    assert hidden(second) == {("Spending",)}
    third = ask_totals(cast.asha, share, count("Grade", margins=False))
    assert ("HEO",) in hidden(third)


def test_another_share_of_the_same_table_does_not_help(cast, shared, table_of):
    table = table_of()
    first = ask_totals(cast.asha, shared(table), count("Unit", "Grade", margins=False))
    assert hidden(first) == {("Spending", "HEO")}
    other = shared(table, basis="AG-TEST-02")
    assert hidden(ask_totals(cast.asha, other, count("Unit", margins=False))) == {("Spending",)}


def test_a_share_of_fewer_rows_is_judged_beside_one_of_all(cast, shared, table_of):
    table = table_of()
    only = Policy(COLUMNS, rows=Compare("Grade", "eq", ("EO",)), gives="aggregates")
    asked = count("Unit", margins=False)
    assert shown(ask_totals(cast.asha, shared(table, only), asked))["Spending",] == 37
    every = ask_totals(cast.asha, shared(table, basis="AG-TEST-02"), asked)
    assert hidden(every) == {("Spending",)}


def test_a_share_that_hides_the_column_is_not_compared(cast, shared, table_of):
    table = table_of()
    ask_totals(cast.asha, shared(table), count("Unit", "Grade", margins=False))
    masked = Policy(COLUMNS, masks=(Mask("Unit", "hash"),), gives="aggregates")
    found = ask_totals(cast.asha, shared(table, masked, "AG-TEST-02"), count("Unit"))
    assert found.status == "released"


def test_a_new_version_does_not_tell_who_came(cast, shared, table_of):
    share = shared(table_of())
    assert ask_totals(cast.asha, share, count("Unit")).status == "released"
    table_of({**COUNTS, ("Tax", "EO"): 32})
    share = Share.objects.get(pk=share.pk)
    later = ask_totals(cast.asha, share, count("Unit"))
    assert later.table_version.number > 0
    assert ("Tax",) in hidden(later)


def test_a_version_of_other_types_cannot_be_judged_beside_the_last(cast, shared, table_of):
    share = shared(table_of())
    ask_totals(cast.asha, share, Aggregate((), "sum", "Pay"))
    table_of(pay=lambda n: f"{n}.5")
    with pytest.raises(WrongState, match="columns have changed"):
        ask_totals(cast.asha, Share.objects.get(pk=share.pk), Aggregate((), "mean", "Pay"))


def test_the_smallest_cell_is_the_one_that_was_agreed(cast, shared):
    policy = Policy(COLUMNS, gives="aggregates", minimum_cell=3)
    found = ask_totals(cast.asha, shared(policy=policy), count("Unit", "Grade"))
    assert (found.status, found.least) == ("released", 3)
    assert shown(found)["Spending", "HEO"] == 3


def test_who_is_refused_is_told_the_rule_and_what_would_pass(cast, shared):
    policy = Policy(COLUMNS, gives="aggregates", minimum_cell=20)
    asked = Aggregate((Dimension("Started", "day"), Dimension("Unit")), margins=False)
    found = ask_totals(cast.asha, shared(policy=policy), asked)
    assert (found.status, found.rules, shown(found)) == ("refused", ["threshold"], {})
    assert count("Unit", margins=False) in found.near
    assert "fewer than 20" in found.refusals[0]
    for near in found.near:  # the first that is taken up keeps its word
        assert ask_totals(cast.asha, found.share, near).status == "released"
        break


def test_every_computation_and_every_release_is_in_the_log_of_the_share(cast, shared):
    share = shared()
    found = ask_totals(cast.asha, share, count("Unit"))
    begun, told = Entry.objects.of(share).filter(name__startswith="share:read").order_by("id")
    facts = told.private["facts"]
    assert begun.name == "share:read_begun"
    assert (facts["door"], facts["columns"], facts["cells"]) == ("aggregate", ["Unit"], 4)
    assert (facts["counted"], facts["output"]) == (sum(COUNTS.values()), found.reference)


def _suspend(cast, share):
    actions.suspend_share(cast.colin, share, note="Wait.")


def _close(cast, share):
    actions.close_share(SYSTEM, share)


def _run_out(cast, share):
    Share.objects.update(ends_at=timezone.now())


def _withdraw(cast, share):
    actions.withdraw_table(cast.colin, share.table, note="Wrong.")


@pytest.mark.parametrize("end", [_suspend, _close, _run_out, _withdraw])
def test_a_share_that_ended_meanwhile_tells_nothing_more(cast, shared, end, monkeypatch):
    share = shared()
    before = ask_totals(cast.asha, share, count("Unit"))
    compute = asking.totals

    def slowly(*given):
        found = compute(*given)
        end(cast, share)
        return found

    monkeypatch.setattr(asking, "totals", slowly)
    with pytest.raises(NotVisible):
        ask_totals(cast.asha, share, count("Grade"))
    assert list(Output.objects.visible_to(cast.asha)) == [before]
    assert list(Output.objects.visible_to(cast.olive)) == [before]


def test_what_was_told_meanwhile_is_judged_too(cast, shared, monkeypatch):
    share, compute, turns = shared(), asking.totals, []

    def slowly(*given):
        found = compute(*given)
        if not turns:
            turns.append(1)
            ask_totals(cast.asha, share, count("Unit", "Grade", margins=False))
        return found

    monkeypatch.setattr(asking, "totals", slowly)
    found = ask_totals(cast.asha, share, count("Unit", margins=False))
    assert hidden(found) == {("Spending",)}


def test_who_is_overtaken_each_time_is_told_so(cast, shared, monkeypatch):
    share, marks = shared(), iter(range(99))
    monkeypatch.setattr(asking, "mark_of", lambda outputs: next(marks))
    with pytest.raises(Conflict, match="same time"):
        ask_totals(cast.asha, share, count("Unit"))
    assert not Output.objects.exists()


def test_what_takes_too_long_is_refused(cast, shared, monkeypatch):
    share = shared()
    monkeypatch.setattr(asking, "SECONDS", 0)
    with pytest.raises(Invalid, match="not valid") as refused:
        ask_totals(cast.asha, share, count("Unit", "Grade"))
    assert "longer than" in refused.value.errors["dimensions"][0]


def test_too_many_groups_are_refused_by_all_the_columns_used_so_far(cast, shared, monkeypatch):
    share = shared()
    monkeypatch.setattr("concordat.tables.plane.totals.MOST_GROUPS", 20)
    ask_totals(cast.asha, share, Aggregate((Dimension("Started", "month"),)))
    with pytest.raises(Invalid) as refused:
        ask_totals(cast.asha, share, count("Unit"))
    assert "started (month), unit" in refused.value.errors["dimensions"][0]


def test_too_many_versions_are_refused(cast, shared, table_of, monkeypatch):
    share = shared(table_of())
    ask_totals(cast.asha, share, count("Unit"))
    table_of()
    monkeypatch.setattr(judging, "MOST_VERSIONS", 1)
    with pytest.raises(WrongState, match="versions"):
        ask_totals(cast.asha, Share.objects.get(pk=share.pk), count("Unit"))


HOSTILE = [
    Aggregate((Dimension("Nobody"),)),
    Aggregate((Dimension("Secret"),)),  # the policy does not show it
    Aggregate((Dimension('Unit"; DROP TABLE x; --'),)),
    Aggregate((Dimension("Unit", "month"),)),
    Aggregate((Dimension("Pay"),)),
    Aggregate((), "sum", "Secret"),
    Aggregate((), "sum", "Unit"),
]


@pytest.mark.parametrize("asked", HOSTILE)
def test_what_the_share_does_not_give_is_refused_without_a_trace(cast, shared, asked):
    with pytest.raises(Invalid):
        ask_totals(cast.asha, shared(), asked)
    assert not Output.objects.exists()


def test_only_the_people_whom_the_policy_names_see_what_was_told(cast, shared):
    address = cast.people["asha"].email
    share = shared(policy=Policy(COLUMNS, gives="aggregates", people=(address,)))
    found = ask_totals(cast.asha, share, count("Unit"))
    body, bram = cast.bodies["pensions"], cast.people["bram"]
    act(SYSTEM, GRANT["give"], Grant(owner=body, person=bram, role="analyst"))
    for actor, sees in ((cast.asha, True), (cast.olive, True), (cast.bram, False)):
        assert Output.objects.visible_to(actor).filter(pk=found.pk).exists() == sees


@pytest.mark.parametrize("who", ["olive", "erin"])
def test_others_do_not_ask(cast, shared, who):
    with pytest.raises(NotAllowed):
        ask_totals(getattr(cast, who), shared(), count("Unit"))
