"""Evaluations as label and value: what pages show of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from concordat.evaluations.models import Evaluation, Question, Recommendation
from concordat.evaluations.queries.questions import verbs_of
from concordat.evaluations.queries.recommendations import recommendations_of
from concordat.evaluations.rules.facts import Section
from concordat.evaluations.rules.happenings import STAGES
from concordat.evaluations.rules.plan import missing, tier_of
from concordat.evaluations.rules.sections import SECTIONS
from concordat.kernel.access import Actor
from concordat.kernel.doors.fields import rows_of
from concordat.kernel.reference import codelist

Row = tuple[str, Any]


@dataclass(frozen=True)
class Part:
    """A section of a plan as a page shows it: rows, or a list of things with rows each."""

    section: Section
    rows: list[Row]
    items: list[tuple[str, str, list[Row]]]  # (id, title, rows)


def evaluation_rows(found: Evaluation, *, empty: bool = True) -> list[Row]:
    """The heading of an evaluation; `empty` keeps the fields that nothing is said of."""
    partners = [partner.name for partner in found.partners.all()]
    return [
        ("Lead body", found.owner.name),
        *([("Other bodies", partners)] if empty or partners else []),
        *_projects(found, empty=empty),
        ("Stage", STAGES[found.stage]),
        *rows_of(found, found.FIELDS[1:], empty=empty),
    ]


def _projects(found: Evaluation, *, empty: bool) -> list[Row]:
    """The major projects that it evaluates, each with a link to its page."""
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    told = [link.format(p.get_absolute_url(), p.name) for p in found.projects.all()]
    if not told:
        return [("Major projects", None)] if empty else []
    return [("Major projects", Markup(", ").join(told))]


def date_rows(found: Evaluation) -> list[tuple[str, str, str, str]]:
    """(code, event, when it was to be, when it was) of each dated event, in the codelist's order."""
    events, dates = codelist("evaluation_events"), found.happenings
    told = dict.fromkeys(h["event"] for h in found.dates)
    return [
        (code, events.label(code), *(m.words if m else "" for m in dates.both(code)))
        for code in told
    ]


def parts(plan: dict[str, Any]) -> list[Part]:
    """The sections of a plan that say something, in order."""
    return [_part(section, plan[section.name]) for section in SECTIONS if plan.get(section.name)]


def _part(section: Section, held: Any) -> Part:
    if not section.many or isinstance(held, dict):
        return Part(section, _rows(section, held), [])
    items = [
        (item["id"], item.get("name") or item.get("title") or item["id"], _rows(section, item))
        for item in held
    ]
    return Part(section, [], items)


def _rows(section: Section, held: dict[str, Any]) -> list[Row]:
    if "hidden" in held:
        return [(section.title, _hidden(held))]
    return [
        (fact.label, _shown(fact, held[fact.name])) for fact in section.facts if fact.name in held
    ]


def _shown(fact: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return fact.shown(value["value"]) if "value" in value else _hidden(value)
    return fact.shown(value)


def _hidden(value: dict[str, Any]) -> str:
    return f"Not open yet. What is said is committed to as {value['hidden'][:16]}…"


def lacking(found: Evaluation) -> list[tuple[str, str]]:
    """(section, what) for each thing that an entry of its depth should say and does not yet."""
    wanted: list[tuple[str, str]] = []
    tier = tier_of(found.asked_types, major=found.projects.exists())
    if not found.happenings.best("first_data"):
        wanted.append(("dates", "When the first data are collected"))
    if not found.happenings.best("end"):
        wanted.append(("dates", "When it ends"))
    if tier != "light" and not found.designs:
        wanted.append(("description", "At least one design or method"))
    if tier != "light" and not found.access_class:
        wanted.append(("description", "What is known of the data"))
    return [*wanted, *missing(found.plan, tier)]


def question_rows(found: Question) -> list[Row]:
    """What there is to say of a question beside its text."""
    return [
        ("Asked by", found.owner.name),
        ("Answered?", found.state.label),
        *rows_of(found, [*found.FIELDS[1:], "answer", "answered_on"], empty=False),
    ]


@dataclass(frozen=True)
class Recommended:
    """A recommendation as a page shows it, with the verbs that the reader may take."""

    recommendation: Recommendation
    rows: list[Row]
    verbs: list[tuple[str, str]]


def recommended(actor: Actor, of: Evaluation) -> list[Recommended]:
    """What an evaluation recommends."""
    return [
        Recommended(each, recommendation_rows(each), verbs_of(actor, each))
        for each in recommendations_of(actor, of)
    ]


def recommendation_rows(found: Recommendation) -> list[Row]:
    """How a recommendation stands, and what was said to it."""
    return [
        ("To", found.addressee.name),
        ("How it stands", found.stands_in_words),
        *rows_of(found, found.FIELDS[1:], empty=False),
    ]
