"""Journeys: named steps, one thing a page, “check your answers”, left and taken up again at will.

    REQUEST = Journey("Ask for data", [
        Step("purpose", "What will you use the data for?", PurposeForm),
        Step("people", "Who will see it?", PeopleForm, when=lambda a: a.get("named")),
    ])

    def step(request, reference, name):
        draft = queries.draft(request.actor, reference)
        return REQUEST.respond(request, name, store=Store(load, save), finish=finish,
                               address=lambda step: reverse("request-step", args=[reference, step]))

What was typed is kept as it was sent, per step, by the service's own `load` and `save`; nothing is
held in the browser. Answers are read through their forms again each time, so that an answer which
has become invalid is asked for again rather than believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from concordat.kernel import refusals
from concordat.kernel.doors.answers import Line, lines
from concordat.kernel.doors.forms import PARTS, add_errors

Raw = dict[str, dict[str, list[str]]]  # step → what was sent, by the name it was sent under
Answers = dict[str, Any]  # field → clean value, over every step that applies

CHECK: Final = "check"  # the address of “check your answers”, so no step may be called that
_MOST: Final = 100_000  # characters kept for one step


@dataclass(frozen=True)
class Store:
    """Where a journey's answers live between pages: JSON-ready, on the service's own draft."""

    load: Callable[[], Raw]
    save: Callable[[Raw], None]


@dataclass(frozen=True)
class Step:
    """One page: a name for its address, its question, its form, and when it is asked at all.

    `when` is given the clean answers of the steps before. `summarise` may replace the lines that
    “check your answers” shows for it.
    """

    name: str
    title: str
    form: type[Any]  # a Form or ModelForm of ours
    when: Callable[[Answers], bool] = lambda answers: True
    template: str = "doors/journey_step.html"
    summarise: Callable[[Answers], list[tuple[str, str]]] | None = None


@dataclass
class Progress:
    """How far somebody is: steps that apply, their forms, clean answers, the first open step."""

    steps: list[Step] = field(default_factory=list)
    forms: dict[str, forms.Form] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    first_open: Step | None = None

    def done(self, step: Step) -> bool:
        """True when the step has a valid answer."""
        return step.name in self.forms and self.forms[step.name].is_valid()


class Journey:
    """An ordered set of steps.

    Raises ValueError when two steps share a name or one is called “check”.
    """

    def __init__(
        self,
        title: str,
        steps: Sequence[Step],
        *,
        confirm: str = "Submit",
        check_template: str = "doors/check_answers.html",
    ) -> None:
        self.title, self.steps = title, tuple(steps)
        self.confirm, self.check_template = confirm, check_template
        names = [step.name for step in self.steps]
        if len(set(names)) != len(names) or CHECK in names:
            raise ValueError(f"{title}: steps need names of their own, and none may be “{CHECK}”")

    def progress(self, raw: Raw, options: Mapping[str, Any] | None = None) -> Progress:
        """What the answers so far amount to; `options` are handed to every form."""
        found = Progress()
        for step in self.steps:
            if not step.when(dict(found.answers)):
                continue
            found.steps.append(step)
            if step.name in raw:
                bound = self._bind(step, raw[step.name], options)
                found.forms[step.name] = bound
                if bound.is_valid():
                    found.answers.update(bound.cleaned_data)
                    continue
            found.first_open = found.first_open or step
        return found

    @staticmethod
    def _bind(
        step: Step, sent: Mapping[str, list[str]], options: Mapping[str, Any] | None
    ) -> forms.Form:
        return step.form(data=MultiValueDict(sent), **(options or {}))

    def start(self, raw: Raw) -> str:
        """The name of the step to take the journey up at: the first open one, or “check”."""
        first = self.progress(raw).first_open
        return first.name if first else CHECK

    def respond(
        self,
        request: HttpRequest,
        name: str,
        *,
        store: Store,
        address: Callable[[str], str],
        finish: Callable[[Answers], HttpResponse],
        options: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of a step, or of “check your answers”.

        `finish` is called with the clean answers once the reader confirms them, and may raise
        `Invalid`, whose errors are shown beside the answers they are about.
        """
        raw = store.load()
        progress = self.progress(raw, options)
        visit = _Visit(
            self, request, raw, progress, address, dict(options or {}), dict(context or {})
        )
        if name == CHECK:
            return visit.check(finish)
        step = next((s for s in progress.steps if s.name == name), None)
        if step is None:
            if any(s.name == name for s in self.steps):  # it no longer applies
                return redirect(address(self.start(raw)))
            raise Http404
        return visit.step(step, store)

    def tasks(self, raw: Raw, address: Callable[[str], str]) -> list[dict[str, Any]]:
        """The steps as items of GOV.UK's task list."""
        progress, reached, items = self.progress(raw), True, []
        for step in progress.steps:
            item: dict[str, Any] = {"title": {"text": step.title}}
            if progress.done(step):
                item |= {"href": address(step.name), "status": {"text": "Completed"}}
            elif reached:
                tag = {"text": "Not yet started", "classes": "govuk-tag--blue"}
                item |= {"href": address(step.name), "status": {"tag": tag}}
                reached = False
            else:
                text, classes = "Cannot start yet", "govuk-task-list__status--cannot-start-yet"
                item["status"] = {"text": text, "classes": classes}
            items.append(item)
        return items


@dataclass
class _Visit:
    """One request to one journey."""

    journey: Journey
    request: HttpRequest
    raw: Raw
    progress: Progress
    address: Callable[[str], str]
    options: dict[str, Any]
    context: dict[str, Any]

    def step(self, step: Step, store: Store) -> HttpResponse:
        """Ask one question, or take its answer and go on."""
        first = self.progress.first_open
        order = [s.name for s in self.progress.steps]
        if first and order.index(step.name) > order.index(first.name):
            return redirect(self.address(first.name))
        if self.request.method != "POST":
            return self._ask(step, self._kept(step))
        sent = _sent(self.request, step, self.options)
        bound = self.journey._bind(step, sent, self.options)
        if not bound.is_valid():
            return self._ask(step, bound, status=422)
        self.raw[step.name] = sent
        try:
            store.save(self.raw)
        except refusals.Invalid as refusal:  # the model knows better than the form
            add_errors(bound, refusal)
            return self._ask(step, bound, status=422)
        return redirect(self.address(self._next(step)))

    def _kept(self, step: Step) -> forms.Form:
        """The form as it was last answered, without complaints unless the answer went bad."""
        return self.progress.forms.get(step.name) or step.form(**self.options)

    def _next(self, step: Step) -> str:
        """Where to go: back to the check if that is where they came from, else the next step."""
        after = self.journey.progress(self.raw, self.options)
        order = [s.name for s in after.steps]
        if "check" in self.request.GET or step is self.progress.steps[-1]:
            return after.first_open.name if after.first_open else CHECK
        place = order.index(step.name) + 1
        return order[place] if place < len(order) else CHECK

    def _ask(self, step: Step, form: forms.Form, status: int = 200) -> HttpResponse:
        order = self.progress.steps
        place = order.index(step)
        checking = "check" in self.request.GET
        back = CHECK if checking else order[place - 1].name if place else ""
        context = {
            **self.context,
            "journey": self.journey,
            "step": step,
            "form": form,
            "alone": len([f for f in form if not f.is_hidden]) == 1,
            "back": self.address(back) if back else self.context.get("back", ""),
            "place": f"Step {place + 1} of {len(order)}",
        }
        return render(self.request, step.template, context, status=status)

    def check(self, finish: Callable[[Answers], HttpResponse]) -> HttpResponse:
        """Show every answer with a link to change it; on POST, finish."""
        if first := self.progress.first_open:
            return redirect(self.address(first.name))
        if self.request.method != "POST":
            return self._show_check({})
        try:
            return finish(dict(self.progress.answers))
        except refusals.Invalid as refusal:
            return self._show_check(refusal.errors)

    def _show_check(self, errors: dict[str, list[str]]) -> HttpResponse:
        shown: list[Line] = []
        for step in self.progress.steps:
            change = f"{self.address(step.name)}?check=1"
            shown += lines(step, self.progress.forms[step.name], self.progress.answers, change)
        owners = {line.name: line.change for line in shown}
        problems = [
            {"text": message, **({"href": owners[name]} if name in owners else {})}
            for name, messages in errors.items()
            for message in messages
        ]
        context = {
            **self.context,
            "journey": self.journey,
            "lines": shown,
            "problems": problems,
            "back": self.address(self.progress.steps[-1].name),
        }
        status = 422 if errors else 200
        return render(self.request, self.journey.check_template, context, status=status)


def _sent(request: HttpRequest, step: Step, options: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was sent for the step's own fields, and nothing else.

    Raises Invalid when it is far longer than any answer.
    """
    names = set(step.form(**options).fields)
    names |= {f"{name}_{part}" for name in set(names) for part in PARTS}
    sent = {k: request.POST.getlist(k) for k in request.POST if k in names}
    if sum(len(value) for values in sent.values() for value in values) > _MOST:
        raise refusals.Invalid({"": [f"Use fewer than {_MOST:,} characters."]})
    return sent
