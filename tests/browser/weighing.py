"""The pages of evidence that nobody is led to before they have filled something in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from concordat.evaluations.rules.evidence.scales import SCALES
from tests.browser.crawl import Page, Visitor


def weighing(evaluator: Visitor) -> Iterator[Page]:
    """Every calculator answered and answered wrongly, a rating on each scale, a finding."""
    for name, given in _ASKED.items():
        for query in (given, "level=9&effect=x&units=x"):
            address = f"/evaluations/calculators/{name}?{query}"
            yield Page(address, "", "", evaluator.get(address)[2], evaluator.person)
    for address in (
        "/evaluations/pooled-findings?outcome=employment",
        "/evaluations/pooled-findings?outcome=luck",
        "/evaluations/evidence-map?scale=nesta&layer=complete",
        "/evaluations/evidence-map/entries?intervention=Coaching&outcome=Employment",
    ):
        yield Page(address, "", "", evaluator.get(address)[2], evaluator.person)
    found = "/search?kind=evaluation&q=coaching"
    record = f"/inside{re.findall(r'/evaluations/EV-[A-Z0-9-]+', evaluator.get(found)[2])[0]}"
    yield evaluator.fill(f"{record}/findings/new", estimate="x")
    said = {"outcome": "Luck", "kind": "POST_HOC", "measure": "other", "remarks": "None."}
    yield evaluator.fill(f"{record}/findings/new", **said)
    for scale in SCALES.values():
        best = {criterion.code: criterion.options[0].code for criterion in scale.criteria}
        yield evaluator.fill(f"{record}/assessments/new/{scale.code}")
        yield evaluator.fill(f"{record}/assessments/new/{scale.code}", **best)


_ASKED = {
    "power": "effect=0.2",
    "mdes": "units=50&size=30&icc=0.15",
    "pooling": "studies=Leeds;0.2;0.1%0AYork;0.3;0.1",
    "effect-of-means": "mean_treated=105&sd_treated=15&n_treated=50&mean_control=100"
    "&sd_control=15&n_control=50",
    "effect-of-counts": "events_treated=56&n_treated=70&events_control=48&n_control=80",
}
