"""The main job, played in front of the reader: one line a step, with what happened and how long."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from concordat.kernel.access import PUBLIC
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration.actions import issue_token
from concordat.kernel.audit.sealing import seal
from concordat.kernel.audit.verify import verify
from concordat.kernel.people.models import Person
from concordat.kernel.search.queries import find
from concordat.marketplace import actions, queries
from concordat.marketplace.models import Dataset

TITLE = "Junior posts in the Treasury group"
HIDDEN = ("Pay minimum", "Pay maximum")
KEPT = ("HM Treasury", "UK Debt Management Office")


class StoryError(RuntimeError):
    """A step did not do what it must."""


@dataclass
class Story:
    """The thread from a draft to a proof, with the people who play it."""

    say: Callable[[str], None]
    people: dict[str, Person]
    base: str
    wait: Callable[[], None]
    told: dict[str, Any] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    def actor(self, key: str) -> Any:
        """One of the cast, as they are now."""
        return actor_for(self.people[key])

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """One step: run it, then say what happened and how long it took."""
        start, words = time.perf_counter(), [""]
        yield words
        self.say(f"{name:<9} {words[0]:<88} {1000 * (time.perf_counter() - start):7.0f} ms")

    def play(self) -> None:
        """All of it, in order. Raises StoryError when a step fails."""
        for step in (
            self.publish,
            self.find,
            self.request,
            self.review,
            self.agree,
            self.sign,
            self.deliver,
            self.absent,
            self.revoke,
            self.refused,
            self.register,
            self.verify,
        ):
            step()

    def publish(self) -> None:
        """The steward describes the dataset; the approver publishes it."""
        with self.step("publish") as words:
            steward, approver = self.actor("steward"), self.actor("approver")
            dataset = Dataset.objects.visible_to(steward).get(title=TITLE)
            if dataset.status == "published":  # the job is played again
                note = "Played again from its beginning."
                actions.perform(approver, dataset, "withdraw", note=note)
                actions.perform(steward, dataset, "redraft")
            values = {
                "summary": "Posts below the senior civil service, with grade, pay band and size",
                "modified_on": timezone.localdate(),
            }
            dataset = actions.edit_dataset(steward, dataset, values)
            actions.perform(steward, dataset, "submit")
            actions.perform(approver, dataset, "publish")
            listed = queries.distributions(steward, dataset).get(table__name="junior_posts")
            table = listed.table
            self.told |= {"dataset": dataset, "distribution": listed, "table": table}
            rows = table.latest.rows if table and table.latest else 0
            words[0] = (
                f"{dataset.reference} “{TITLE}”, {rows:,} rows, by {steward.name} of {steward.home_name}"
            )

    def find(self) -> None:
        """Another department finds it."""
        with self.step("find") as words:
            self.wait()
            results = find(self.actor("analyst"), "organogram pay posts")
            found = [hit.reference for hit in results.hits]
            if self.told["dataset"].reference not in found:
                raise StoryError("search did not find the dataset")
            words[0] = (
                f"{self.actor('analyst').name} searches “organogram pay posts”: {results.total} found"
            )

    def request(self) -> None:
        """And asks for seven of its nine columns, two of its five organisations."""
        with self.step("request") as words:
            table = self.told["table"]
            columns = [c["name"] for c in table.latest.columns if c["name"] not in HIDDEN]
            values = {
                "distribution": self.told["distribution"],
                "title": "Workforce planning across departments",
                "purpose": "Compare the size of teams, grade by grade.",
                "benefit": "Better evidence on where posts are needed.",
                "data_types": ["none"],
                "legal_power": "Common law powers of the Secretary of State",
                "legal_gateway": "none",
                "columns": columns,
                "rows": f"Organisation in ({', '.join(repr(name) for name in KEPT)})",
                "starts_on": timezone.localdate(),
                "ends_on": timezone.localdate() + timedelta(days=365),
                "disposal": "Deleted within five working days.",
            }
            analyst = self.actor("analyst")
            acquirer = self.people["analyst"].owner
            assert acquirer is not None  # the cast all have a home
            request = actions.draft_request(analyst, acquirer, self.told["dataset"], values)
            actions.perform(analyst, request, "submit")
            self.told["request"] = request
            terms = (
                f"{len(columns)} of {len(columns) + 2} columns, 2 organisations' rows, 12 months"
            )
            words[0] = f"{request.reference}: {terms}"

    def review(self) -> None:
        """The supplier returns it once, and accepts it once answered."""
        with self.step("review") as words:
            request, steward = self.told["request"], self.actor("steward")
            actions.perform(steward, request, "review")
            actions.perform(steward, request, "return", note="Which survey will you compare with?")
            analyst = self.actor("analyst")
            purpose = f"{request.purpose} With the Civil Service People Survey."
            actions.edit_request(analyst, request, {"purpose": purpose})
            actions.perform(analyst, request, "submit")
            actions.perform(steward, request, "review")
            words[0] = f"returned with a question, answered, reviewed again by {steward.name}"

    def agree(self) -> None:
        """Acceptance drafts the agreement: a document and a policy under one hash."""
        with self.step("agree") as words:
            agreement = actions.accept_request(self.actor("approver"), self.told["request"])
            self.told["agreement"] = agreement
            words[0] = (
                f"{agreement.reference}: document and policy under one hash {agreement.digest[:16]}…"
            )

    def sign(self) -> None:
        """Named signatories of both sides."""
        with self.step("sign") as words:
            supplier, acquirer = self.actor("supplier_signatory"), self.actor("acquirer_signatory")
            actions.sign(supplier, self.told["agreement"])
            self.told["agreement"] = actions.countersign(acquirer, self.told["agreement"])
            words[0] = (
                f"{supplier.name} for the supplier, {acquirer.name} for the acquirer: in force"
            )

    def deliver(self) -> None:
        """The unmodified delta-sharing client reads the table."""
        with self.step("deliver") as words:
            secret, _ = issue_token(
                self.actor("analyst"), "story", ["deliver"], timezone.now() + timedelta(days=1)
            )
            profile = Path(self.folder.name) / "story.share"
            body = {
                "shareCredentialsVersion": 1,
                "endpoint": f"{self.base}/sharing",
                "bearerToken": secret,
            }
            profile.write_text(json.dumps(body))
            profile.chmod(0o600)
            share = self.told["agreement"].reference.lower()
            self.told["url"] = f"{profile}#{share}.default.junior_posts"
            self.told["frame"] = _load(self.told["url"])
            words[0] = f"{len(self.told['frame']):,} rows by the delta-sharing client over HTTP"

    def absent(self) -> None:
        """What is outside the terms did not come."""
        with self.step("absent") as words:
            frame = self.told["frame"]
            if set(HIDDEN) & set(frame.columns) or set(frame["Organisation"]) != set(KEPT):
                raise StoryError("something outside the terms was delivered")
            words[0] = (
                f"no {' or '.join(HIDDEN)}; only {' and '.join(sorted(set(frame['Organisation'])))}"
            )

    def revoke(self) -> None:
        """The supplier stops it."""
        with self.step("revoke") as words:
            approver = self.actor("approver")
            actions.perform(
                approver, self.told["agreement"], "revoke", note="The project has ended."
            )
            words[0] = f"by {approver.name}, with the reason"

    def refused(self) -> None:
        """The next read does not happen."""
        with self.step("refused") as words:
            try:
                _load(self.told["url"])
            except Exception as error:
                status = getattr(getattr(error, "response", None), "status_code", "")
                words[0] = (
                    f"the same client, the same profile: refused ({status or type(error).__name__})"
                )
            else:
                raise StoryError("the revoked share could still be read")

    def register(self) -> None:
        """The public register of data uses shows it."""
        with self.step("register") as words:
            entry = queries.register_entry(PUBLIC, self.told["agreement"].reference)
            words[0] = (
                f"{self.base}{entry.get_absolute_url()}: “{entry.title}”, {entry.state.label.lower()}"
            )

    def verify(self) -> None:
        """Anyone can check the log from its public files."""
        with self.step("verify") as words:
            seal()
            report = verify(f"{self.base}/audit")
            if not report.ok:
                raise StoryError("; ".join(report.problems) or "nothing is sealed")
            words[0] = (
                f"{report.leaves:,} entries under {report.seals} seals verified from {self.base}/audit alone"
            )


def _load(url: str) -> Any:
    import delta_sharing  # only the demonstration and the tests have it

    return delta_sharing.load_as_pandas(url)
