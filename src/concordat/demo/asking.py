"""The questions and recommendations of the world, played on their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from concordat.demo.play import World
from concordat.demo.world.questions import ADVICE, QUESTIONS, Advice, Asked, Linked
from concordat.evaluations import actions
from concordat.evaluations.models import Evaluation, Question, QuestionLink, Recommendation
from concordat.kernel.access import SYSTEM

Happening = tuple[float, Callable[[], object]]


def happenings(world: World) -> Iterator[Happening]:
    """Each deed, with how many days ago it was."""
    for plan in QUESTIONS:
        yield from Thread(world, plan).happenings()
    for advice in ADVICE:
        yield from Given(world, advice).happenings()


class Thread:
    """One question from its draft to its answer."""

    def __init__(self, world: World, plan: Asked) -> None:
        self.world, self.plan = world, plan
        self.found: Question | None = None
        self.links: dict[str, QuestionLink] = {}

    def happenings(self) -> Iterator[Happening]:
        """Each deed, with how many days ago it was."""
        plan = self.plan
        yield plan.ago + 4, self._draft
        if plan.draft:
            return
        yield plan.ago, partial(self._decide, "publish")
        for linked in plan.links:
            yield linked.ago, partial(self._propose, linked)
            if linked.confirmed:
                yield linked.ago - 3, partial(self._confirm, linked)
        if plan.answer[1]:
            yield plan.answer[0], partial(self._decide, "answer", plan.answer[1])

    def _draft(self) -> None:
        plan = self.plan
        asked_on = timezone.localdate()  # the day that is being played
        values = {"text": plan.text, "tags": plan.tags.split(", "), "asked_on": asked_on}
        values["agenda"] = "Areas of research interest"
        body = self.world.bodies[plan.body]
        self.found = actions.draft_question(self.world.actor(plan.body, "evaluator"), body, values)

    def _decide(self, verb: str, note: str = "") -> None:
        assert self.found is not None  # drafted before
        actions.perform(
            self.world.actor(self.plan.body, "evaluation_lead"), self.found, verb, note=note
        )

    def _propose(self, linked: Linked) -> None:
        assert self.found is not None  # drafted before
        evaluation = _of(linked.evaluation)
        actor = self.world.actor(evaluation.owner.slug, "evaluator")
        self.links[linked.evaluation] = actions.propose_link(
            actor, evaluation.owner, self.found, evaluation, linked.relation
        )

    def _confirm(self, linked: Linked) -> None:
        lead = self.world.actor(self.plan.body, "evaluation_lead")
        actions.perform(lead, self.links[linked.evaluation], "confirm")


class Given:
    """One recommendation and what came of it."""

    def __init__(self, world: World, plan: Advice) -> None:
        self.world, self.plan = world, plan
        self.due = timezone.localdate() + timedelta(days=plan.due)
        self.found: Recommendation | None = None

    def happenings(self) -> Iterator[Happening]:
        """Each deed, with how many days ago it was."""
        yield self.plan.ago, self._add
        if self.plan.response[1]:
            yield self.plan.response[0], self._respond
        if self.plan.changed[1]:
            yield self.plan.changed[0], self._finish

    def _add(self) -> None:
        evaluation = _of(self.plan.evaluation)
        actor = self.world.actor(evaluation.owner.slug, "evaluator")
        values = {"text": self.plan.text, "response_due": self.due}
        values["addressee"] = self.world.bodies[self.plan.to]
        self.found = actions.add_recommendation(actor, evaluation, values)

    def _respond(self) -> None:
        assert self.found is not None  # added before
        _, response, words = self.plan.response
        actions.respond_recommendation(
            self.world.actor(self.plan.to, "evaluation_lead"),
            self.found,
            response=response,
            response_text=words,
            responded_by="The evaluation lead",
        )

    def _finish(self) -> None:
        assert self.found is not None  # added before
        lead = self.world.actor(self.plan.to, "evaluation_lead")
        actions.finish_recommendation(lead, self.found, changed=self.plan.changed[1])


def _of(title: str) -> Evaluation:
    return Evaluation.objects.visible_to(SYSTEM).get(title=title)
