"""An evaluation as its source tells it, made what we keep; what does not fit is kept as it was said.

`foreign` holds what the source said and the plan has no place for: reports and findings, columns of
its own (`rest`), what was not stated (`unsaid`), and by place what could not be read (`unread`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from concordat.evaluations.feeds import FeedEvaluation, FeedReport, Finding, Line, Unsaid, cells
from concordat.evaluations.rules import named
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.facts import Fact, Section
from concordat.evaluations.rules.sections import BY_NAME

COST: Final = "evaluation"  # the item that one cell of the workbook tells of
PRACTICE: Final = "processes-and-standards"
_KINDS_OF_DESIGN: Final = {"Impact - Design": "impact", "Economic - Methods": "economic"}
_MEND: Final = "It is kept as it was said. Enter it on its page."
# What a form may have no column for: an empty one takes nothing away.
_KEPT: Final = ("contact_name", "contact_email", "access_class", "topics")
_TITLE: Final = 256  # characters that a report's title may have
_URL: Final = 2000
Item = dict[str, Any]


@dataclass
class Brought:
    """The values of an evaluation, what is to be told, and the digest of what the source said."""

    values: dict[str, Any]
    lines: list[Line]
    digest: str


@dataclass
class _Making:
    found: FeedEvaluation
    lines: list[Line] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    rest: dict[str, str] = field(default_factory=dict)

    def note(self, says: str, column: str, said: str, mend: str = _MEND) -> None:
        line = Line(self.found.place, "noted", says, mend, column, said[:500])
        self.lines.append(line)

    def read(self, section: Section, fact: Fact, place: str, text: str) -> Any:
        """The value of a fact; None, and a note, where the text is none."""
        given: Any = text
        if fact.kind in ("choice", "yes"):
            given = named.choice(fact, text)
        elif fact.kind == "line":
            given = " ".join(text.split())
        try:
            if given is None:
                raise ValueError("None of the choices")
            return fact.read(given)
        except ValueError as error:
            self.unread[place] = text
            self.note(f"{section.title}, “{fact.label}”: {str(error).lower()}.", "", text)
            return f"{given[: fact.most - 1]}…" if fact.name == "name" else None


def brought(found: FeedEvaluation, today: date) -> Brought:
    """What an evaluation of a source is with us. Where the source does not say whether a date is
    intended, one that has passed `today` is taken as actual."""
    making = _Making(found, rest=dict(found.rest))
    plan, ids = _plan(making)
    values: dict[str, Any] = {
        "title": found.title,
        "summary": found.summary,
        "types": list(found.types),
        "designs": _designs(making, plan),
        "topics": _topics(making),
        "contact_name": found.contact_name,
        "contact_email": found.contact_email,
        "access_class": found.access_class,
        "plan": plan,
    }
    dates = _dates(making)
    values = {k: v for k, v in values.items() if v or k not in _KEPT}
    values["foreign"] = _foreign(making, ids)
    digest = digest_of(in_order([values, dates]))
    values["dates"] = happenings(dates, today)
    return Brought(values, making.lines, digest)


def in_order(value: Any) -> Any:
    """The same, with every list in an order of its own: the order of rows is no change."""
    if isinstance(value, dict):
        return {name: in_order(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return sorted(
            (in_order(inner) for inner in value), key=lambda v: json.dumps(v, sort_keys=True)
        )
    return value


def source_of(owner_id: int, what: str = "workbook") -> str:
    """What the evaluations of one body's own files are known under, together with their ids, so that
    two bodies may use the same ids."""
    return f"{owner_id}/{what}"[:64]


def report_values(report: FeedReport) -> dict[str, Any]:
    """What a report of a source is with us."""
    url = report.url if re.fullmatch(r"https?://[^\s/?#]+\S*", report.url) else ""
    title = " ".join((report.title or f"Report {report.id}").split())
    names = [" ".join(name.split())[:500] for name in cells.names(report.authors)]
    return {
        "title": title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…",
        "kinds": [c for n in cells.names(report.kind) if (c := named.report_type(n))],
        "url": url if len(url) <= _URL else "",
        "authors": names[:200],
        "published_on": report.published if _is_date(report.published) else "",
        "source_id": (report.key or "-")[:255],
    }


def digest_of(value: Any) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plan(making: _Making) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """(the plan, the ids of its lists in the order of the source)."""
    plan: dict[str, Any] = {}
    ids: dict[str, list[str]] = {}
    for name, facts in making.found.sections.items():
        if name in BY_NAME and (kept := _facts(making, BY_NAME[name], name, facts)):
            plan[name] = kept
    for name, items in making.found.items.items():
        if name in BY_NAME:
            ids[name] = list(_ids(BY_NAME[name], items))
            pairs = zip(ids[name], items, strict=True)
            plan[name] = [_item(making, BY_NAME[name], one, item) for one, item in pairs]
    told = making.found.sections.get("told", {})
    if standards := told.get("standards"):
        practice = {"name": "Processes and standards", "description": standards}
        facts = _facts(making, BY_NAME["standards"], f"standards[{PRACTICE}]", practice)
        plan["standards"] = [{"id": PRACTICE, **facts}, *plan.get("standards", [])]
    if cost := told.get("cost"):
        number = cells.amount(cost)
        kept = {"amount": number} if number else {"description": cost}
        plan["costs"] = [{"id": COST, "name": "Evaluation", **kept}]
        if number is None:
            making.note("The cost is not a number alone.", "Evaluation cost (£)", cost)
    _sample(making, plan)
    return plan, ids


def _sample(making: _Making, plan: dict[str, Any]) -> None:
    """A size that is told in words is shown as words."""
    if said := making.unread.get("population.sample_size"):
        plan.setdefault("population", {})["sample_details"] = said


def _facts(making: _Making, section: Section, place: str, facts: dict[str, str]) -> Item:
    kept: Item = {}
    for fact in section.facts:
        if text := facts.get(fact.name):
            value = making.read(section, fact, f"{place}.{fact.name}", text)
            if value is not None:
                kept[fact.name] = value
    return kept


def _item(making: _Making, section: Section, one: str, item: dict[str, str]) -> Item:
    item = {**item, "time_frame": spoken(item["time_frame"])} if "time_frame" in item else item
    measure, text = section.fact("measure_type"), item.get("measure_type", "")
    if measure and text and named.choice(measure, text) is None and len(text) <= 256:
        item = {**item, "measure_type": "Other", "other": " ".join(text.split())}
    return {"id": one, **_facts(making, section, f"{section.name}[{one}]", item)}


def _ids(section: Section, items: Iterable[dict[str, str]]) -> Iterable[str]:
    """An id for each thing, made of its name; of things of one name, and of those without any, made
    of what they say too, so that the order of rows is of no account."""
    held = list(items)
    bases = [re.sub(r"[^a-z0-9]+", "-", i.get("name", "").lower()).strip("-")[:30] for i in held]
    shared = {base for base, count in Counter([*bases, COST, PRACTICE, ""]).items() if count > 1}
    taken = set[str]()
    for base, item in zip(bases, held, strict=True):
        name = base
        if not base or base in shared:
            trial = _Making(FeedEvaluation("", places=[0]))
            told = _item(trial, section, "", item), sorted(trial.unread.items())
            name = f"{base or section.one}-{digest_of(told)[:6]}"
        while name in taken:
            name += "x"
        taken.add(name)
        yield name


def spoken(on: str) -> str:
    """`2014-03` as “March 2014”; anything else as it is."""
    try:
        known = Moment.read(on)
    except ValueError:
        return on
    return f"{cells.MONTHS[known.month - 1]} {known.year}" if known.precision == 2 else on  # type: ignore[operator]


def _designs(making: _Making, plan: dict[str, Any]) -> list[str]:
    codes: list[str | None] = []
    told: dict[str, str] = {}
    for column, text in making.found.designs:
        told[column] = f"{told[column]}\n{text}" if column in told else text
    for column, text in told.items():
        kind = _KINDS_OF_DESIGN.get(column, "")
        found = [named.design(each, kind) if column else each for each in cells.names(text)]
        codes += found
        if None in found:
            making.rest[column] = text
            making.note("A design or method that is not known by that name.", column, text)
    methods = plan.get("process_design", {}).get("methods", "")
    codes += [named.design(each, "process") for each in cells.names(methods)]
    return [code for code in dict.fromkeys(codes) if code is not None]


def _topics(making: _Making) -> list[str]:
    found = {text: named.topic(text) for text in making.found.topics}
    if strange := [text for text, code in found.items() if code is None]:
        making.rest["Topics"] = "; ".join(strange)
        making.note("A topic that is not known by that name.", "Topics", "; ".join(strange))
    return list(dict.fromkeys(code for code in found.values() if code))


def _dates(making: _Making) -> list[tuple[str, str, str]]:
    """(event, date, kind) of each event that is a real date, kinds as the source says them."""
    found = list(making.found.dates)
    for item in making.found.items.get("events", []):
        pair = named.events(item.get("category", ""))
        for event, on in zip(pair or (), (item.get("start"), item.get("end")), strict=False):
            if event and on:
                found.append((event, on, ""))
        if pair is None or (item.get("end") and not pair[1]):
            making.note(
                "An event of which we know no date.", "Event category", " · ".join(item.values())
            )
    for report in making.found.reports:
        if report.published:
            interim = "interim" in report.kind.casefold()
            found.append(("interim_published" if interim else "publication", report.published, ""))
    return [(event, on, kind) for event, on, kind in dict.fromkeys(found) if _is_date(on)]


def _is_date(text: str) -> bool:
    try:
        Moment.read(text)
    except ValueError:
        return False
    return True


def happenings(dates: Iterable[tuple[str, str, str]], today: date) -> list[dict[str, str]]:
    """Dated events as an evaluation keeps them: of several of one kind the last; of results that
    came out more than once, that is when they were all out."""
    kept: dict[tuple[str, str], Moment] = {}
    for event, on, told in dates:
        moment = Moment.read(on)
        kind = told or ("actual" if moment.last < today else "intended")
        held = kept.get((event, kind))
        kept[event, kind] = moment if held is None else max(held, moment)
    return [{"event": e, "kind": k, "on": str(on)} for (e, k), on in kept.items()]


def _foreign(making: _Making, ids: dict[str, list[str]]) -> dict[str, Any]:
    found = making.found
    outcomes = ids.get("outcomes", [])
    reports = [
        {**asdict(report), "outcomes": [outcomes[n] for n in report.outcomes]}
        for report in found.reports
    ]
    told = {
        "id": found.source_id,
        "reports": [{k: v for k, v in report.items() if v} for report in reports],
        "findings": [_finding(found, each) for each in found.findings],
        "events": found.items.get("events", []),
        "other_type": found.sections.get("told", {}).get("other_type", ""),
        "rest": making.rest,
        "unsaid": [asdict(_named(found, each, ids)) for each in found.unsaid],
        "unread": making.unread,
    }
    return {name: value for name, value in told.items() if value}


def _finding(found: FeedEvaluation, each: Finding) -> dict[str, str]:
    """A finding, told of its report by the report's id or title."""
    told = {"kind": each.kind, "summary": each.summary, "findings": each.findings}
    if each.report is not None:
        told["report"] = found.reports[each.report].key
    return {name: text for name, text in told.items() if text or name == "report"}


def _named(found: FeedEvaluation, unsaid: Unsaid, ids: dict[str, list[str]]) -> Unsaid:
    """What was not stated of a thing in a list, told by the id of the thing."""
    group, _, place = unsaid.item.rstrip("]").partition("[")
    if group == "reports":
        key = found.reports[int(place)].key
        return Unsaid(unsaid.column, unsaid.said, f"reports[{key}]")
    if group not in ids:
        return unsaid
    return Unsaid(unsaid.column, unsaid.said, f"{group}[{ids[group][int(place)]}]")
