"""An evaluation as rows of the workbook, so that what goes out can come in again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from concordat.evaluations.feeds import cells
from concordat.evaluations.feeds.columns import WORKBOOK, Column
from concordat.evaluations.rules import named
from concordat.evaluations.rules.brought import COST, PRACTICE
from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.happenings import Dates
from concordat.evaluations.rules.sections import BY_NAME
from concordat.kernel.reference import codelist

HEADERS: Final = (*(column.header for column in WORKBOOK), "")
_AT: Final = {
    (c.group, c.name, c.part): c.header for c in WORKBOOK if c.group not in ("rest", "id")
}
_COLUMN: Final = {c.header: c for c in WORKBOOK}
_LISTS: Final = ("interventions", "outcomes", "other_measures", "standards")
_SPOKEN: Final = re.compile(rf"({'|'.join(cells.MONTHS)}) (\d{{4}})")
_DESIGNS: Final = {"Impact - Design": "impact", "Economic - Methods": "economic"}
_REPORT: Final = tuple(c.header for c in WORKBOOK if c.group == "report")
_STRANGE: Final = "Columns that are not known"
Row = dict[str, str]


@dataclass(frozen=True)
class Outward:
    """What is written of an evaluation; `bodies` are names."""

    id: str
    title: str
    summary: str
    types: list[str]
    designs: list[str]
    dates: list[dict[str, str]]
    plan: dict[str, Any]
    foreign: dict[str, Any]
    bodies: list[str]


def rows_of(found: Outward) -> list[list[str]]:
    """Its rows under `HEADERS`: the first tells of the evaluation, every row repeats the ids."""
    rows = [*_reported(found)] or [{}]
    first = rows[0]
    for put in (_heading, _sections, _told):
        put(found, first)
    _lists(found, rows)
    _dates(found, rows)
    for header, text in found.foreign.get("rest", {}).items():
        header = "" if header == _STRANGE else header
        if header in HEADERS and header not in _DESIGNS:
            own = not header or _COLUMN[header].group == "rest"
            for part in [text] if own else text.split("\n\n"):  # each was said in a row of its own
                _free(rows, [header])[header] = part
    _unsaid(found, rows)
    for row in rows:
        row["Evaluation ID"] = found.id
    return [[row.get(header, "") for header in HEADERS] for row in rows]


def _reported(found: Outward) -> Iterable[Row]:
    """A row for each report and outcome of it, or finding of it; then what belongs to no report."""
    findings = found.foreign.get("findings", [])
    shown, told = _outcomes(found), set[str]()
    for report in found.foreign.get("reports", []):
        own = [each for each in findings if each.get("report") == _key(report)]
        outcomes = report.get("outcomes", [])
        for number, row in enumerate(_stacked(own, max(1, len(outcomes)))):
            row |= _report(report) if number == 0 else _again(report)
            if number < len(outcomes) and outcomes[number] in shown:
                row |= shown[outcomes[number]]
                told.add(outcomes[number])
            yield row
    left = [cell for key, cell in shown.items() if key not in told]
    own = [each for each in findings if "report" not in each]
    for number, row in enumerate(_stacked(own, len(left))):
        yield row | (left[number] if number < len(left) else {})


def _outcomes(found: Outward) -> dict[str, Row]:
    return {item["id"]: _item(found, "outcomes", item) for item in found.plan.get("outcomes", [])}


def _stacked(findings: list[dict[str, str]], least: int) -> list[Row]:
    """Rows for findings, each kind below itself."""
    rows: list[Row] = [{} for _ in range(least)]
    for each in findings:
        cell = {
            _AT["finding", each["kind"], part]: each[part]
            for part in ("summary", "findings")
            if each.get(part)
        }
        heads = {_AT["finding", each["kind"], part] for part in ("summary", "findings")}
        place = next((row for row in rows if not heads & row.keys()), None)
        if place is None:
            rows.append(place := {})
        place |= cell
    return rows


def _key(report: dict[str, Any]) -> str:
    return str(report.get("id") or report.get("title", ""))


def _report(report: dict[str, Any]) -> Row:
    row = {
        _AT["report", name, ""]: report[name]
        for name in ("id", "title", "kind", "authors", "url", "links")
        if report.get(name)
    }
    return row | _moment("report", "published", report.get("published", ""))


def _again(report: dict[str, Any]) -> Row:
    """What a further row of a report says: enough to know which one it is."""
    if report.get("id"):
        return {"Report ID": report["id"]}
    return {"Report title": report["title"]} if report.get("title") else _report(report)


def _moment(group: str, name: str, on: str) -> Row:
    """The two cells of a date; words that are none stand in the first."""
    if not on:
        return {}
    month, year = _AT[group, name, "month"], _AT[group, name, "year"]
    if spoken := _SPOKEN.fullmatch(on):
        return {month: spoken[1], year: spoken[2]}
    try:
        known = Moment.read(on)
    except ValueError:
        return {month: on}
    told = {month: cells.MONTHS[known.month - 1]} if known.month else {}
    return told | {year: str(known.year)}


def _heading(found: Outward, row: Row) -> None:
    row["Evaluation title"] = found.title
    row["Evaluation summary"] = found.summary
    for name in ("process", "impact", "economic"):
        row[name.capitalize()] = "Y" if name in found.types else "N"
    other = found.foreign.get("other_type", "") or ("Y" if "other" in found.types else "")
    row[_AT["type", "other", ""]] = "Evidence synthesis" if "synthesis" in found.types else other
    row["Client"] = "; ".join(found.bodies)
    rest = found.foreign.get("rest", {})
    kinds = {code: line["type"] for code, line in codelist("evaluation_designs").rows.items()}
    for column, kind in _DESIGNS.items():
        own = [
            codelist("evaluation_designs").label(c) for c in found.designs if kinds.get(c) == kind
        ]
        row[column] = rest.get(column) or "; ".join(own)
    if not found.plan.get("process_design", {}).get("methods"):
        own = [c for c in found.designs if kinds.get(c) == "process"]
        row["Process - Method"] = "; ".join(map(codelist("evaluation_designs").label, own))


def _sections(found: Outward, row: Row) -> None:
    for (group, name, part), header in _AT.items():
        if group not in BY_NAME or group in _LISTS or part:
            continue
        said = found.foreign.get("unread", {}).get(f"{group}.{name}")
        held = found.plan.get(group, {})
        if text := said or _shown(group, name, held.get(name)):
            row[header] = text


def _shown(group: str, name: str, value: Any) -> str:
    fact = BY_NAME[group].fact(name)
    if value is None or fact is None or isinstance(value, dict):
        return ""
    shown = fact.shown(value)
    return "; ".join(shown) if isinstance(shown, list) else str(shown)


def _dates(found: Outward, rows: list[Row]) -> None:
    dates = Dates(found.dates)
    for event in ("intervention_start", "intervention_end"):
        if on := dates.best(event):
            rows[0] |= _moment("date", event, str(on))
    on = dates.best("publication")
    if on and not any(report.get("published") for report in found.foreign.get("reports", [])):
        _free(rows, _REPORT).update(_moment("report", "published", str(on)))


def _free(rows: list[Row], headers: Iterable[str]) -> Row:
    """The first row with nothing in any of these cells; one more where there is none."""
    wanted = set(headers)
    free = next((row for row in rows if not any(row.get(header) for header in wanted)), None)
    if free is None:
        rows.append(free := {})
    return free


def _told(found: Outward, row: Row) -> None:
    for item in found.plan.get("costs", []):
        if item["id"] == COST:
            row["Evaluation cost (£)"] = item.get("amount") or item.get("description", "")
    for item in found.plan.get("standards", []):
        if item["id"] == PRACTICE:
            row["Processes and standards"] = item.get("description", "")


def _item(found: Outward, group: str, item: dict[str, Any]) -> Row:
    row: Row = {}
    unread = found.foreign.get("unread", {})
    for (held, name, part), header in _AT.items():
        if held != group or part == "year":
            continue
        text = unread.get(f"{group}[{item['id']}].{name}") or _shown(group, name, item.get(name))
        if name == "measure_type" and item.get("other"):
            text = item["other"]
        if text:
            row |= _moment(group, name, text) if part else {header: text}
    return row


def _lists(found: Outward, rows: list[Row]) -> None:
    """Things that hang on no report: one a row from the first on."""
    for group in ("interventions", "other_measures", "standards"):
        items = [i for i in found.plan.get(group, []) if i["id"] != PRACTICE]
        _down(rows, [_item(found, group, item) for item in items])
    _down(rows, _events(found))


def _down(rows: list[Row], below: Iterable[Row]) -> None:
    for number, told in enumerate(below):
        if number == len(rows):
            rows.append({})
        rows[number] |= told


def _events(found: Outward) -> Iterable[Row]:
    """Events as the source told them, then those that are told nowhere else."""
    told = {"intervention_start", "intervention_end", "publication", "interim_published"}
    for event in found.foreign.get("events", []):
        told |= set(named.events(event.get("category", "")) or ())
        row = {_AT["events", "category", ""]: event["category"]} if "category" in event else {}
        for name in ("start", "end"):
            row |= _moment("events", name, event.get(name, ""))
        yield row
    for held in found.dates:
        if held["event"] not in told:
            category = codelist("evaluation_events").label(held["event"])
            yield {"Event category": category, **_moment("events", "start", held["on"])}


def _unsaid(found: Outward, rows: list[Row]) -> None:
    """The cells that said that nothing is stated, as they were written."""
    for told in found.foreign.get("unsaid", []):
        column = _COLUMN.get(told["column"])
        if column is not None:
            row = _row_for(found, rows, column, told["item"])
            if not row.get(column.header):
                row[column.header] = told["said"]


def _row_for(found: Outward, rows: list[Row], column: Column, item: str) -> Row:
    group, _, key = item.rstrip("]").partition("[")
    if group == "reports":
        reports = found.foreign.get("reports", [])
        wanted = next((_report(r) for r in reports if _key(r) == key), {})
        return next((r for r in rows if wanted.items() <= r.items()), rows[0])
    if group in _LISTS:
        own_items = (i for i in found.plan.get(group, []) if i["id"] == key)
        wanted = next((_item(found, group, item) for item in own_items), {})
        return next((r for r in rows if wanted and wanted.items() <= r.items()), rows[0])
    whole = column.group in (*_LISTS, "report")
    own = [c.header for c in WORKBOOK if c.group == column.group] if whole else [column.header]
    return _free(rows, own)
