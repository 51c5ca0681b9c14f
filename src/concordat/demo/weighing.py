"""What the evaluations of the world found and how they are rated, played on their days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from concordat.demo.play import World
from concordat.demo.world.evidence import FINDINGS, RATINGS, Found, Rating
from concordat.evaluations import actions
from concordat.evaluations.models import Evaluation
from concordat.evaluations.rules.evidence.scales import SCALES
from concordat.kernel.access import SYSTEM


def happenings(world: World) -> Iterator[tuple[float, Callable[[], object]]]:
    """Each finding and each rating, with how many days ago it was."""
    for found in FINDINGS:
        yield found.ago, partial(_state, world, found)
    for rating in RATINGS:
        yield rating.ago, partial(_rate, world, rating)


def _of(title: str) -> Evaluation:
    return Evaluation.objects.visible_to(SYSTEM).get(title=title)


def _state(world: World, found: Found) -> None:
    evaluation = _of(found.evaluation)
    actor = world.actor(evaluation.owner.slug, "evaluator")
    actions.draft_finding(actor, evaluation, found.says)


def _rate(world: World, rating: Rating) -> None:
    best = {c.code: c.options[0].code for c in SCALES[rating.scale].criteria}
    values = {
        "scale": rating.scale,
        "answers": {**best, **rating.weak},
        "remarks": rating.remarks,
    }
    actor = world.actor(rating.body, "evaluator")
    made = actions.draft_assessment(actor, _of(rating.evaluation), values)
    actions.perform(actor, made, "publish")
