"""The tracker as anyone may read it: who publishes results when they are due, and who does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from concordat.evaluations.feeds import atom
from concordat.evaluations.queries import tracker as queries
from concordat.evaluations.queries.clocks import Clock
from concordat.evaluations.queries.tracker import Line, Tracked, Tracker
from concordat.evaluations.rules.clocks import STATES, quarter_ends
from concordat.evaluations.rules.slippage import EVENTS
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.charts import bar_chart
from concordat.kernel.doors.formats import day, plural
from concordat.kernel.doors.tables import Column, FilterForm, Table
from concordat.kernel.reference import codelist

PLACE: Final = "/evaluations/tracker"
_MOST_BARS: Final = 20
_STAGES: Final = ("planned", "live", "complete", "stopped")
_LEAD: Final = (
    "Results are due twelve weeks after their sign-off, or else when their publication is planned. "
    "Days late are told by two readings: the strict one from the first day that a due date may mean, "
    "the generous one from the last."
)


def _link(label: str, href: str) -> dict[str, Any]:
    """A way to another page; none of them is what most people came for."""
    return {"label": label, "href": href, "main": False}


def _counts(noun: str, place: str) -> list[Column]:
    return [
        _of_those_due("rank", "Rank"),
        Column("name", noun, sort="name", link=lambda x: f"{place}/{x.address}"),
        Column("due", "Due", value=lambda x: x.standing.due, numeric=True, sort="due"),
        Column("on_time", "On time", numeric=True, sort="on_time"),
        Column("late", "Late", value=lambda x: x.standing.late, numeric=True, sort="late"),
        *(
            Column(name, label, value=_figure(name), numeric=True, sort=name)
            for name, label in (
                ("overdue", "Overdue"),
                ("exempt", "Exempt"),
                ("inconsistent", "Cannot be judged"),
                ("strict", "Days late, strict"),
                ("generous", "Days late, generous"),
            )
        ),
        _of_those_due("share", "Per cent published"),
        Column("escalated", "Chased", numeric=True, sort="escalated"),
    ]


def _of_those_due(name: str, label: str) -> Column:
    """A figure that a body with nothing due has not."""
    value = _figure(name)

    def show(line: Line) -> str:
        return "None due" if value(line) is None else str(value(line))

    return Column(name, label, value=value, show=show, numeric=True, sort=name)


def _figure(name: str) -> Any:
    return lambda line: getattr(line.standing, name)


def tracker(request: HttpRequest) -> HttpResponseBase:
    """How each body stands today."""
    found = queries.by_body(PUBLIC, timezone.localdate())
    more = [
        _link("By topic", f"{PLACE}/topics"),
        _link("Counts by quarter", f"{PLACE}/quarters"),
        _link("What cannot be judged", f"{PLACE}/inconsistent"),
    ]
    return _standings(request, found, "Are results published in time?", PLACE, more, "Body")


def topics(request: HttpRequest) -> HttpResponseBase:
    """How each topic stands today."""
    found = queries.by_topic(PUBLIC, timezone.localdate())
    more = [_link("By body", PLACE)]
    title = "Are results published in time? By topic"
    return _standings(request, found, title, f"{PLACE}/topics", more, "Topic")


def _standings(
    request: HttpRequest,
    found: Tracker,
    title: str,
    place: str,
    more: list[dict[str, Any]],
    noun: str,
) -> HttpResponseBase:
    words = ("body", "bodies") if noun == "Body" else ("topic", "topics")
    table = Table(_counts(noun, place), found.lines, name="tracker", noun=words)
    whole = found.whole.standing
    said = (
        f"On {day(found.today)}: {plural(whole.due, 'result')} due, {whole.out} published or handed in, "
        f"{whole.overdue} overdue, {whole.exempt} exempt, {whole.inconsistent} that cannot be judged."
    )
    context = {
        "title": title,
        "lead": f"{said} {_LEAD}",
        "actions": more,
        "chart": _chart(found.lines),
        "empty": "No evaluation is public yet.",
    }
    return table.respond(request, context=context)


def _chart(lines: list[Line]) -> Any:
    rows = [(line.name, line.standing.share) for line in lines if line.standing.share is not None]
    if not rows:
        return ""
    title = "Results published or handed in, of those due"
    return bar_chart(title, rows[:_MOST_BARS], heads=("Name", "Per cent"), unit="%")


def body(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Each evaluation of one body, with how its results stand."""
    found = queries.tracked_body(PUBLIC, slug, timezone.localdate())
    more = [
        _link("How its dates moved", f"{PLACE}/{slug}/slippage"),
        _link("Feed of what is overdue and published", f"{PLACE}/{slug}/feed.atom"),
        _link("All bodies", PLACE),
    ]
    return _listed(request, found, more)


def topic(request: HttpRequest, topic: str) -> HttpResponseBase:
    """Each evaluation of one topic."""
    found = queries.tracked_topic(PUBLIC, topic, timezone.localdate())
    return _listed(request, found, [_link("All topics", f"{PLACE}/topics")])


def _reason(clock: Clock) -> str:
    told = clock.said
    if told is None:
        return ""
    return f"{codelist('lateness_grounds').label(told.ground)}: {told.reason}"


def _told(clock: Clock) -> str:
    return clock.reached.label if clock.reached else ""


def _told_on(clock: Clock) -> str:
    return str(clock.reached.sent_on) if clock.reached else ""


def _exemption(clock: Clock) -> str:
    held = clock.exemption
    if held is None:
        return ""
    return f"{codelist('exemption_grounds').label(held.ground)}, until {day(held.leave.expires)}"


def _clock_columns() -> list[Column]:
    return [
        Column("title", "Evaluation", link=lambda c: c.get_absolute_url(), sort="title"),
        Column("state", "Results", value=lambda c: c.verdict.label, sort="state"),
        Column("since", "Since", sort="since"),
        Column("due", "Due", value=lambda c: c.verdict.due, sort="due"),
        Column("due_at_latest", "Due at the latest", value=lambda c: c.verdict.due_at_latest),
        Column("strict", "Days late, strict", value=_days("strict"), numeric=True, sort="strict"),
        Column(
            "generous",
            "Days late, generous",
            value=_days("generous"),
            numeric=True,
            sort="generous",
        ),
        *(
            Column(key, label, value=value, show=value)
            for key, label, value in (
                ("reason", "Why", _reason),
                ("exemption", "Exemption", _exemption),
                ("step", "Told last", _told),
                ("step_on", "Told on", _told_on),
                ("why_unjudged", "What cannot be judged", lambda c: c.verdict.reason),
            )
        ),
        Column("reference", "Reference", sort="reference"),
    ]


def _listed(request: HttpRequest, found: Tracked, more: list[dict[str, Any]]) -> HttpResponseBase:
    noun = ("evaluation", "evaluations")
    table = Table(_clock_columns(), found.clocks, name="tracker", noun=noun)
    own = found.line.standing
    stages = ", ".join(f"{getattr(found.line, name)} {name}" for name in _STAGES)
    share = f" ({own.share} per cent)" if own.share is not None else ""
    said = (
        f"On {day(found.today)}: {plural(own.due, 'result')} due, {own.out} published or handed in{share}, "
        f"{own.overdue} overdue. All together they are {plural(own.strict, 'day')} late by the strict "
        f"reading and {plural(own.generous, 'day')} by the generous one. Of the evaluations, {stages}."
    )
    context = {
        "title": f"{found.name}: are results published in time?",
        "lead": said,
        "actions": more,
        "chart": _states(found),
        "empty": "No evaluation of this kind is public yet.",
    }
    return table.respond(request, context=context)


def _days(name: str) -> Any:
    return lambda clock: getattr(clock.verdict, name)


def _states(found: Tracked) -> Any:
    states = [clock.verdict.state for clock in found.clocks]
    rows = [(label, states.count(state)) for state, label in STATES.items() if state in states]
    return bar_chart("How results stand", rows, heads=("Results", "Evaluations")) if rows else ""


class QuarterForm(FilterForm):
    """Which quarter."""

    quarter = forms.ChoiceField(label="Quarter", required=False)

    def __init__(self, data: Any, *, ends: list[date]) -> None:
        super().__init__(data)
        self.fields["quarter"].choices = [(str(end), f"To {day(end)}") for end in ends]  # type: ignore[attr-defined]

    def narrow(self, rows: Any) -> Any:
        """The rows as they are: they were counted for the quarter already."""
        return rows


def quarters(request: HttpRequest) -> HttpResponseBase:
    """How many evaluations of each body were planned, live and complete at the end of a quarter."""
    ends = quarter_ends(timezone.localdate())
    form = QuarterForm({"quarter": request.GET.get("quarter", "") or str(ends[0])}, ends=ends)
    chosen = date.fromisoformat(form.cleaned_data["quarter"]) if form.is_valid() else ends[0]
    found = queries.by_body(PUBLIC, chosen)
    lines = sorted(found.lines, key=lambda line: line.name)
    columns = [
        Column("name", "Body", sort="name", link=lambda x: f"{PLACE}/{x.address}"),
        *(Column(name, name.capitalize(), numeric=True, sort=name) for name in _STAGES),
    ]
    table = Table(columns, lines, name="quarter", noun=("body", "bodies"), filters=form)
    whole = found.whole
    told = ", ".join(f"{getattr(whole, name)} {name}" for name in _STAGES)
    context = {
        "title": "Planned, live and complete evaluations by quarter",
        "lead": f"On {day(chosen)}, of all that were public by then: {told}.",
        "actions": [_link("All bodies", PLACE)],
        "empty": "No evaluation was public by then.",
    }
    return table.respond(request, context=context)


def inconsistent(request: HttpRequest) -> HttpResponseBase:
    """What cannot be judged, and why: counted, never dropped."""
    columns = [
        Column("title", "Evaluation", link=lambda c: c.get_absolute_url(), sort="title"),
        Column("body", "Lead body", link=lambda c: f"{PLACE}/{c.slug}", sort="body"),
        Column("why", "Why it cannot be judged", value=lambda c: c.verdict.reason),
        Column("reference", "Reference", sort="reference"),
    ]
    rows = queries.unjudged(PUBLIC, timezone.localdate())
    table = Table(columns, rows, name="inconsistent", noun=("evaluation", "evaluations"))
    context = {
        "title": "What cannot be judged",
        "lead": "What these say of themselves does not hold together. They are in no share and no rank.",
        "actions": [_link("All bodies", PLACE)],
        "empty": "Everything can be judged today.",
    }
    return table.respond(request, context=context)


def slippage(request: HttpRequest, slug: str) -> HttpResponseBase:
    """How often, how far and when the promised dates of one body moved."""
    name, found = queries.slippage_of_body(PUBLIC, slug, timezone.localdate())
    columns = [
        Column("title", "Evaluation", link=lambda s: s.get_absolute_url(), sort="title"),
        Column("event", "Date", value=lambda s: EVENTS[s.slip.event]),
        Column("first", "First promise", value=lambda s: str(s.slip.first)),
        Column("now", "Now", value=lambda s: str(s.slip.now)),
        *(
            Column(key, label, value=_slip(key), numeric=True, sort=key)
            for key, label in (
                ("count", "Times moved"),
                ("net", "Days later in all"),
                ("gross", "Days moved either way"),
                ("once_past", "Moved once past"),
            )
        ),
        Column("reasons", "Reasons given", value=lambda s: "; ".join(m.reason for m in s.moves)),
        Column("reference", "Reference", sort="reference"),
    ]
    noun = ("date that moved", "dates that moved")
    table = Table(columns, found.rows, name="slippage", noun=noun)
    share = "" if found.share is None else f" ({found.share} per cent)"
    middle = "" if found.median is None else f", by {found.median:g} days in the middle"
    context = {
        "title": f"{name}: how its dates moved",
        "lead": (
            f"{found.later} of {found.promised} evaluations{share} have a date that is later than it "
            f"was first promised{middle}. An actual date in the place of a promise is no move."
        ),
        "actions": [_link("How its results stand", f"{PLACE}/{slug}")],
        "empty": "No promised date has moved.",
    }
    return table.respond(request, context=context)


def _slip(key: str) -> Any:
    return lambda row: getattr(row.slip, key)


def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What of one body became overdue, and what was published, as Atom."""
    today = timezone.localdate()
    found = queries.tracked_body(PUBLIC, slug, today)
    base = request.build_absolute_uri("/").rstrip("/")
    items = [
        atom.Item(
            id=f"{base}{each.clock.get_absolute_url()}#{each.state}-{each.on}",
            title=f"{STATES[each.state]}: {each.clock.title}",
            address=f"{base}{each.clock.get_absolute_url()}",
            at=_midnight(each.on),
            kind=each.state,
            body=f"{STATES[each.state]} since {day(each.on)}.",
            author=each.clock.body,
        )
        for each in found.news()
    ]
    page, title = f"{base}{PLACE}/{slug}", f"{found.name}: results overdue and published"
    told = atom.feed(title, f"{page}/feed.atom", page, items, timezone.now())
    return HttpResponse(told, content_type="application/atom+xml; charset=utf-8")


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(0), tzinfo=UTC)
