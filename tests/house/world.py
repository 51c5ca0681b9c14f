"""A world with a record of each kind at each visibility, and what each reader may know of it.

The oracle says the rule again in a few lines and other words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from concordat.evaluations import actions as evaluating
from concordat.evaluations.models import Evaluation
from concordat.kernel.access import PUBLIC, Actor, holds
from concordat.kernel.audit.sealing import seal
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.models import Record
from concordat.kernel.publication.reference import make
from concordat.kernel.search.follow import rebuild
from concordat.marketplace import actions
from concordat.marketplace.models import Agreement
from concordat.tables.actions import ask_totals
from concordat.tables.models import Output, Share, Source
from concordat.tables.plane.aggregate import Aggregate, Dimension
from tests.cast import (
    DATASET,
    Cast,
    agreed,
    drafted_evaluation,
    published_dataset,
    published_evaluation,
    request_values,
)

SERVICE = {name: DATASET[name] for name in DATASET} | {"endpoint_description": "https://a.example"}


def actor_of(cast: Cast, who: str) -> Actor:
    return PUBLIC if who == "public" else getattr(cast, who)


def seen(actor: Actor, record: Any) -> bool:
    """Who may know of a record, in other words."""
    held = {body for role, body in actor.grants if holds(role, record.SEE)}
    if record.owner_id in held:
        return True
    if record.visibility >= Visibility.PARTIES and on_a_side(actor, record):
        return True
    if shut(record):
        return False
    if record.visibility >= Visibility.GOVERNMENT and actor.government:
        return True
    if record.visibility >= Visibility.PARTNERS and actor.signed_in:
        return True
    return is_open(record)


def shut(record: Any) -> bool:
    """Whether an embargo keeps a record from all but its sides."""
    opens = getattr(record, "opens_at", None)
    return opens is not None and opens > timezone.now()


def is_open(record: Any) -> bool:
    """Whether anyone may know of a record now."""
    return record.visibility == Visibility.PUBLIC and not shut(record)


def on_a_side(actor: Actor, record: Any) -> bool:
    """Whether the actor stands on a side of a record."""
    held = {body for role, body in actor.grants if holds(role, record.SEE)}
    standing = {name: getattr(record, f"{name}_id") for name in record.SIDES.values()}
    if actor.kind == "person" and standing.pop("approver", None) == actor.id:
        return True
    standing.pop("approver", None)
    return bool(set(standing.values()) & held)


def may_read(actor: Actor, record: Any) -> bool:
    """Who reads the whole of a record: the text of an agreement is for its sides alone."""
    whole = isinstance(record, Agreement)
    return seen(actor, record) and (on_a_side(actor, record) or not whole)


@dataclass
class World:
    """Every record there is."""

    records: list[Any]

    def of(self, kind: str) -> list[Any]:
        return [record for record in self.records if kind == record.KIND]

    def unknown_to(self, actor: Actor) -> set[str]:
        """The references and titles of what an actor may not know of."""
        hidden = [record for record in self.records if not seen(actor, record)]
        known = {_title(record) for record in self.records if seen(actor, record)}
        titles = {t for r in hidden if (t := _title(r)).startswith("Zebra")} - known
        named = {_named(record) for record in self.records if may_read(actor, record)}
        return titles | {record.reference for record in hidden} - named


def _named(record: Any) -> str:
    """Whose reference a record tells all its readers: a share its table, a request its agreement,
    an agreement its request, a table of totals its share."""
    told = {
        "share": "table",
        "output": "share",
        "source": "table",
        "share_request": "agreement",
        "agreement": "request",
    }
    name = told.get(record.KIND, "")
    return getattr(getattr(record, name, None), "reference", "")


def _title(record: Any) -> str:
    return getattr(record, "title", record.reference)


def build(cast: Cast, folder: Path) -> World:
    """Deeds for what deeds lead to, and a copy of each kind of row at each visibility."""
    shared = published_dataset(cast, folder)
    live = agreed(cast, shared, title="Zebra in force")
    unsigned = _unsigned(cast, shared)
    service = actions.draft_data_service(
        cast.olive, cast.bodies["treasury"], {**SERVICE, "title": "Zebra draft service"}
    )
    draft = actions.draft_dataset(
        cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Zebra draft dataset"}
    )
    asked = actions.draft_request(
        cast.asha,
        cast.bodies["pensions"],
        shared.dataset,
        request_values(shared, title="Zebra draft request"),
    )
    share = Share.objects.get(basis=live.agreement.reference)
    source = _source(shared.table)
    output = ask_totals(cast.asha, share, Aggregate((Dimension("Unit"),)))
    made = [source, output, live.request, live.agreement, shared.dataset, shared.table, share]
    made += [*unsigned, service, draft, asked, _withdrawn(cast), *_evaluations(cast)]
    made += _questions(cast, [record for record in made if record.KIND == "evaluation"])
    for visibility in Visibility:
        made += _copies(live, output, service, source, visibility)
    for record in made:
        record.refresh_from_db()
    while seal():
        pass
    rebuild()
    return World(made)


def _unsigned(cast: Cast, shared: Any) -> list[Any]:
    values = request_values(shared, title="Zebra unsigned")
    asked = actions.draft_request(cast.asha, cast.bodies["pensions"], shared.dataset, values)
    actions.perform(cast.asha, asked, "submit")
    actions.perform(cast.olive, asked, "review")
    return [asked, actions.accept_request(cast.colin, asked)]


def _source(table: Any) -> Any:
    """A source as it is kept; drafting one asks the settings of whoever runs the site."""
    values = {"connection": "nightly", "place": "public.posts", "every": "asked"}
    made = Source(owner=table.owner, table=table, status="draft", **values)
    made.assign_reference()
    made.save(force_insert=True)
    return made


def _withdrawn(cast: Cast) -> Any:
    values = {**DATASET, "title": "Zebra withdrawn"}
    found = actions.draft_dataset(cast.olive, cast.bodies["treasury"], values)
    actions.perform(cast.olive, found, "submit")
    actions.perform(cast.colin, found, "publish")
    return actions.perform(cast.colin, found, "withdraw", note="Zebra mistake.")


def _evaluations(cast: Cast) -> list[Any]:
    """A draft, one sent, one cancelled, one open, one withdrawn, one under embargo, and one that was
    withdrawn under it."""
    later = timezone.localdate() + timedelta(days=9)
    made = [
        drafted_evaluation(cast, title=f"Zebra {n} evaluation") for n in ("draft", "sent", "off")
    ]
    evaluating.perform(cast.eve, made[1], "submit")
    evaluating.perform(cast.eve, made[2], "cancel")
    made += [published_evaluation(cast, title=f"Zebra {n} evaluation") for n in ("open", "gone")]
    made += [
        published_evaluation(cast, later, title=f"Zebra {n} evaluation") for n in ("shut", "not")
    ]
    for each in made[3:]:
        _with_evidence(cast, each)
    for each in (made[4], made[6]):
        evaluating.perform(cast.lea, each, "withdraw", note="Zebra mistake.")
    for visibility in (Visibility.GOVERNMENT, Visibility.PARTNERS):
        again = Evaluation.objects.get(pk=made[3].pk)
        again.pk, again.reference, again.visibility = None, make("EV"), visibility
        again.title = f"Zebra evaluation {visibility.name}"
        again.save(force_insert=True)
        made.append(again)
    return made


def _questions(cast: Cast, evaluations: list[Any]) -> list[Any]:
    """A question in draft, one asked, answered and withdrawn, that every evaluation is said to answer,
    as far as links may be made; and what each evaluation recommends."""
    made = [
        evaluating.draft_question(
            cast.eve, cast.bodies["treasury"], {"text": f"Zebra {n} question?"}
        )
        for n in ("draft", "asked", "answered", "gone")
    ]
    for each in made[1:]:
        evaluating.perform(cast.lea, each, "publish")
    evaluating.perform(cast.lea, made[2], "answer", note="Zebras.")
    for evaluation in evaluations:
        if evaluation.status in ("withdrawn", "cancelled"):
            continue
        told = {"text": f"{evaluation.title} recommends."}
        evaluating.add_recommendation(cast.eve, evaluation, told)
        for asked in (made[0], made[1]):
            link = evaluating.propose_link(
                cast.eve, cast.bodies["treasury"], asked, evaluation, "answers"
            )
            if asked is made[1]:
                evaluating.perform(cast.lea, link, "confirm")
    evaluating.perform(cast.lea, made[3], "withdraw", note="Zebra mistake.")
    return made


def _with_evidence(cast: Cast, evaluation: Any) -> None:
    """What it found, and how its own body rates it."""
    said = {"kind": "PRIMARY", "measure": "standardised", "estimate": 0.2, "remarks": "Zebra"}
    told = {**said, "outcome_id": "returns", "outcome_group": "Compliance"}
    evaluating.draft_finding(cast.eve, evaluation, told)
    answers = dict.fromkeys(("account", "change", "cause", "replication", "scale"), "yes")
    rating = {"scale": "nesta", "answers": answers}
    made = evaluating.draft_assessment(cast.eve, evaluation, rating)
    evaluating.perform(cast.eve, made, "publish")
    until = timezone.localdate() + timedelta(days=60)
    asked = {"ground": "other", "reason": "Zebra", "expires_on": until}
    for _ in range(2):  # one is granted, and one waits
        leave = evaluating.ask_exemption(cast.eve, evaluation, asked)
    evaluating.grant_exemption(cast.lea, leave)


def _copies(
    live: Any, output: Output, service: Any, source: Any, visibility: Visibility
) -> list[Any]:
    """A dataset, service, request, agreement, table, share, source and totals that only this many
    may know of."""

    def copy(row: Record, **values: Any) -> Any:
        made = type(row)._base_manager.get(pk=row.pk)
        made.pk, made.reference, made.visibility = None, make(row.PREFIX), visibility
        if hasattr(made, "title"):
            made.title = f"Zebra {row.KIND} {visibility.name}"
        for name, value in values.items():
            setattr(made, name, value)
        made.save(force_insert=True)
        return made

    dataset, kept = copy(live.dataset), copy(service, status="published")
    listed = type(live.distribution)._base_manager.get(pk=live.distribution.pk)
    listed.pk, listed.dataset, listed.title = None, dataset, dataset.title
    listed.save(force_insert=True)
    request = copy(live.request)
    agreement = copy(live.agreement, request=request)
    table = copy(live.table, name=f"zebra_{visibility.name.lower()}", latest=None)
    status = "suspended" if visibility == Visibility.OWNER else "open"
    given = copy(output.share, basis=agreement.reference, status=status)
    loads = copy(source, table=table)
    told = copy(output, share=given)
    return [dataset, kept, request, agreement, table, given, loads, told]
