"""The evaluations of the world, played on their days: drafted, signed off, published, amended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from concordat.demo.play import World
from concordat.demo.world.evaluations import EVALUATIONS, Change, EvaluationPlan
from concordat.demo.world.portfolio import EVALUATED
from concordat.evaluations import actions, queries
from concordat.evaluations.models import Evaluation
from concordat.kernel.access import Actor

Happening = tuple[float, Callable[[], object]]
_BEFORE = 25  # days from the draft to the publication


class Thread:
    """One evaluation from its draft on."""

    def __init__(self, world: World, plan: EvaluationPlan) -> None:
        self.world, self.plan = world, plan
        self.today = timezone.localdate()
        self.found: Evaluation | None = None

    def happenings(self) -> Iterator[Happening]:
        """Each deed, with how many days ago it was."""
        end, ago = self.plan.end, self.plan.ago
        before = _BEFORE if end in ("published", "embargoed", "withdrawn") else 0
        yield ago + before, self._draft
        if end == "draft":
            return
        yield ago + before - 1, partial(self._do, "evaluator", "submit")
        if end == "in_review":
            return
        yield ago + 6, partial(self._do, "evaluation_lead", "sign_off")
        yield ago, self._publish
        for change in self.plan.changes:
            yield change.ago, partial(self._amend, change)
        if end == "withdrawn":
            yield ago - 40, self._withdraw

    def _who(self, role: str) -> Actor:
        return self.world.actor(self.plan.body, role)

    def _do(self, role: str, verb: str) -> None:
        assert self.found is not None  # drafted before
        actions.perform(self._who(role), self.found, verb)

    def _draft(self) -> None:
        plan = self.plan
        values = {
            "title": plan.title,
            "summary": plan.what,
            "plain_summary": plan.what,
            "types": plan.types.split(),
            "designs": plan.designs.split(),
            "topics": plan.topics.split(),
            "access_class": "before",
            "contact_name": "The evaluation team",
            "contact_email": f"evaluation@{plan.body}.example",
            "dates": self._dates(plan.dates),
            "plan": self._document(),
            "approver": self.world.people[f"{plan.body}:evaluation_lead"],
        }
        evaluator, numbers = self._who("evaluator"), list(EVALUATED.get(plan.title, ()))
        values["projects"] = queries.projects.projects_of(evaluator, numbers)
        body = self.world.bodies[plan.body]
        self.found = actions.draft_evaluation(evaluator, body, values)

    def _dates(self, told: tuple[tuple[str, int, str], ...]) -> list[dict[str, str]]:
        return [
            {"event": event, "on": f"{self.today + timedelta(days=days):%Y-%m}", "kind": kind}
            for event, days, kind in told
        ]

    def _document(self) -> dict[str, Any]:
        plan, document = self.plan, dict[str, Any]()
        if plan.intervention[0]:
            name, group = plan.intervention
            document["interventions"] = [{"id": "main", "name": name, "group": group}]
        if plan.outcome[0]:
            name, group = plan.outcome
            outcome = {"id": "main", "name": name, "group": group, "rank": "primary"}
            document["outcomes"] = [{**outcome, "time_frame": "Six months after the start"}]
        if plan.sample:
            document["population"] = {"sample_size": plan.sample, "unit": plan.unit}
        return document

    def _publish(self) -> None:
        assert self.found is not None  # drafted before
        opens = self.today + timedelta(days=30) if self.plan.end == "embargoed" else None
        actions.publish_evaluation(self._who("evaluation_lead"), self.found, opens_on=opens)

    def _amend(self, change: Change) -> None:
        assert self.found is not None  # drafted before
        self.found.refresh_from_db()
        values: dict[str, Any] = {"plan": {**self.found.plan, **change.plan}}
        if change.dates:
            moved = {(h["event"], h["kind"]): h for h in self._dates(change.dates)}
            kept = [h for h in self.found.dates if (h["event"], h["kind"]) not in moved]
            values["dates"] = [*kept, *moved.values()]
        actions.amend_evaluation(
            self._who("evaluator"), self.found, values, note=change.why, slip=change.slip
        )

    def _withdraw(self) -> None:
        assert self.found is not None  # drafted before
        note = "The letter was never sent: the campaign was stopped."
        actions.withdraw_evaluation(self._who("evaluation_lead"), self.found, note=note)


def happenings(world: World) -> Iterator[Happening]:
    """Every deed of every evaluation, with how many days ago it was."""
    for plan in EVALUATIONS:
        yield from Thread(world, plan).happenings()
