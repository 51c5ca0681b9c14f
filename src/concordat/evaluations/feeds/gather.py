"""The rows of one evaluation, taken together one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from concordat.evaluations.feeds import cells
from concordat.evaluations.feeds.columns import Column
from concordat.evaluations.feeds.columns import column as column_of
from concordat.evaluations.feeds.found import FeedEvaluation, FeedReport, Finding, Line, Unsaid

RowCells = dict[str, dict[str, str]]  # what a row says, by group and name
Item = dict[str, str]
TYPES: Final = ("impact", "process", "economic", "synthesis", "other")
_SECTIONS: Final = ("issue", "population", "process_design", "design", "analysis", "economic")
_MORE_SECTIONS: Final = ("other_design", "ethics", "told")
_LISTS: Final = ("interventions", "outcomes", "other_measures", "standards")
_TYPED: Final = {
    "impact": "impact",
    "process": "process",
    "value for money": "economic",
    "economic": "economic",
    "evidence synthesis": "synthesis",
    "other": "other",
}
_DESIGNS: Final = ("Impact - Design", "Economic - Methods", "Designs and methods")
_KINDS: Final = {True: "actual", False: "intended", None: ""}


@dataclass
class Gathered:
    """An evaluation while its rows are read."""

    found: FeedEvaluation
    reports: dict[str, int] = field(default_factory=dict)

    def add(
        self, row: int, strange: list[str], said: RowCells, unsaid: list[tuple[Column, str]]
    ) -> None:
        """Take what row number `row` says, and which of its cells say that nothing is stated."""
        self.found.places.append(row)
        if strange:
            join(self.found.rest, "Columns that are not known", "; ".join(strange))
        self._heading(row, said)
        self._types(row, said)
        self._dates(row, said)
        report = self._report(row, said.get("report", {}))
        places = {"report": f"reports[{report}]" if report is not None else ""}
        for group in _LISTS:
            if group in said:
                item = self._moments(row, group, said[group])
                places[group] = f"{group}[{self._place_of(group, item, report)}]"
        self._findings(said.get("finding", {}), report)
        self._unsaid(unsaid, places)

    def finish(self) -> FeedEvaluation:
        """The evaluation, whole."""
        self.found.types = [code for code in TYPES if code in self.found.types]
        self.found.unsaid = [each for each in self.found.unsaid if not self._said_after_all(each)]
        if not self.found.title:
            place, mend = f"row {self.found.places[0]}", "Enter its title in its first row."
            says = "The evaluation has no title, so it was left out."
            line = Line(place, "refused", says, mend, "Evaluation title")
            self.found.lines.append(line)
        return self.found

    def _said_after_all(self, unsaid: Unsaid) -> bool:
        """Whether another row states of the same thing what this cell did not."""
        group, _, place = unsaid.item.rstrip("]").partition("[")
        known = column_of(unsaid.column)
        if not place or known is None:
            return False
        if group == "reports":
            held = getattr(self.found.reports[int(place)], known.name)
        else:
            held = self.found.items[group][int(place)].get(known.name, "")
        return bool(held) and not (known.part == "month" and held.isdigit())

    def _heading(self, row: int, said: RowCells) -> None:
        found = self.found
        for group in (*_SECTIONS, *_MORE_SECTIONS):
            for name, text in said.get(group, {}).items():
                if name in _DESIGNS:
                    found.designs += [(name, text)] if (name, text) not in found.designs else []
                else:
                    join(found.sections.setdefault(group, {}), name, text)
        for column, text in said.get("rest", {}).items():
            join(found.rest, column, text)
        self._lines(row, said)
        for name in ("bodies", "topics"):
            held = getattr(found, name)
            for text in said.get(name, {}).values():
                held += [each for each in cells.names(text) if each not in held]

    def _lines(self, row: int, said: RowCells) -> None:
        for name in ("title", "contact_name", "contact_email"):
            for column, text in said.get(name, {}).items():
                self._once(row, name, column, " ".join(text.split()))
        for text in said.get("summary", {}).values():
            told = {"": self.found.summary} if self.found.summary else {}
            join(told, "", text)
            self.found.summary = told[""]

    def _once(self, row: int, name: str, column: str, text: str) -> None:
        held = getattr(self.found, name)
        if not held:
            setattr(self.found, name, text)
        elif held != text:
            mend = f"Write it in one way. “{held[:100]}” was taken."
            self.found.note(row, "An earlier row says this differently.", mend, column, text)
            join(self.found.rest, column, text)

    def _types(self, row: int, said: RowCells) -> None:
        for name, text in said.get("type", {}).items():
            answer = cells.yes_or_no(text)
            if name == "other" and text.casefold() in _TYPED:
                name, answer = _TYPED[text.casefold()], True
            elif name == "other" and answer is None:
                join(self.found.sections.setdefault("told", {}), "other_type", text)
                answer = True
            elif answer is None:
                column = name.capitalize()
                self.found.note(row, "Neither yes nor no.", "Enter Y or N.", column, text)
                join(self.found.rest, column, text)
            if answer:
                self.found.types.append(name)
        for text in said.get("types", {}).values():
            for each in cells.names(text):
                self._named_type(row, each)

    def _named_type(self, row: int, text: str) -> None:
        if code := _TYPED.get(text.casefold()):
            self.found.types.append(code)
            return
        mend = "Enter Impact, Process, Value for money, Evidence synthesis or Other."
        self.found.note(row, "A type that is not known.", mend, "Types", text)
        join(self.found.rest, "Types", text)

    def _dates(self, row: int, said: RowCells) -> None:
        for event, on in self._moments(row, "date", said.get("date", {})).items():
            self._date(event, on, "")
        if "events" in said:
            held = self._moments(row, "events", said["events"])
            items = self.found.items.setdefault("events", [])
            items += [held] if held not in items else []
        begun = cells.yes_or_no("".join(said.get("kind", {}).values()))
        for event, text in said.get("when", {}).items():
            written = cells.written(text, day_first=True)
            if written is None:
                mend = "Enter a date such as 2027-03-27, 2027-03 or March 2027."
                self.found.note(row, "This is no date.", mend, said=text)
                join(self.found.rest, event, text)
            else:
                self._date(event, written, _KINDS[begun] if event == "first_data" else "")

    def _date(self, event: str, on: str, kind: str) -> None:
        if (event, on, kind) not in self.found.dates:
            self.found.dates.append((event, on, kind))

    def _moments(self, row: int, group: str, values: Item) -> Item:
        """The values with each month and year made one; what is no date is kept as words."""
        made: Item = {}
        for key, text in values.items():
            name, _, part = key.partition(".")
            if not part:
                made[name] = text
            elif name not in made:
                pair = values.get(f"{name}.month", ""), values.get(f"{name}.year", "")
                on = cells.moment(*pair)
                words = " ".join(filter(None, pair))
                if on is None:
                    what = f"{group} {name}".replace("_", " ")
                    mend = "Enter the month as its name and the year as four digits."
                    self.found.note(row, f"No month and year ({what}).", mend, "", words)
                made[name] = on or words
        return made

    def _report(self, row: int, given: Item) -> int | None:
        """The place of the report that a row is about; None where it is about none."""
        said = self._moments(row, "report", given)
        published = said.get("published", "")
        if not said.keys() - {"published"}:
            if published:
                self._date("publication", published, "")
            return None
        own = cells.identifier(said.get("id", ""))
        key = own or said.get("title", "")
        if key not in self.reports:
            self.reports[key] = len(self.found.reports)
            self.found.reports.append(FeedReport(own))
        report = self.found.reports[self.reports[key]]
        for name, text in said.items():
            if name != "id":
                held = {"": getattr(report, name)} if getattr(report, name) else {}
                join(held, "", text)
                setattr(report, name, held[""])
        return self.reports[key]

    def _place_of(self, group: str, item: Item, report: int | None) -> int:
        """Where in its list a thing stands: the same one where no cell contradicts."""
        held = self.found.items.setdefault(group, [])
        place = next((n for n, other in enumerate(held) if _same(other, item)), len(held))
        if place == len(held):
            held.append({})
        held[place] = {**item, **held[place]}
        if group == "outcomes" and report is not None:
            told = self.found.reports[report].outcomes
            told += [place] if place not in told else []
        return place

    def _findings(self, said: Item, report: int | None) -> None:
        for kind in ("process", "impact", "economic", "other"):
            pair = said.get(f"{kind}.summary", ""), said.get(f"{kind}.findings", "")
            made = Finding(kind, *pair, report)
            if any(pair) and made not in self.found.findings:
                self.found.findings.append(made)

    def _unsaid(self, unsaid: list[tuple[Column, str]], places: dict[str, str]) -> None:
        for column, text in unsaid:
            made = Unsaid(column.header, text, places.get(column.group, ""))
            if made not in self.found.unsaid:
                self.found.unsaid.append(made)


def _same(one: Item, other: Item) -> bool:
    if one.get("name", "").casefold() != other.get("name", "").casefold():
        return False
    return all(one[name] == other[name] for name in one.keys() & other.keys() - {"name"})


def join(held: Item, name: str, text: str) -> None:
    """Add a text to what is held under a name: once, after what came before it."""
    if name not in held:
        held[name] = text
    elif text not in held[name].split("\n\n") and text != held[name]:
        held[name] = f"{held[name]}\n\n{text}"
