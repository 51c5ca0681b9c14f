"""Files of a share's rows, written as a job so that a large one can be resumed and checked."""

from __future__ import annotations

from typing import Any

from concordat.kernel.access import Actor
from concordat.kernel.jobs import Running, queue, task
from concordat.kernel.jobs.models import Job
from concordat.kernel.refusals import Invalid
from concordat.tables import queries, sharing
from concordat.tables.models import Share
from concordat.tables.sharing.files import FORMATS, write_rendering


def prepare_rows(actor: Actor, share: Share, kind: str) -> Job:
    """Write the rows that a share gives as one file, `csv`, `jsonl`, `arrow` or `parquet`.

    Raises NotAllowed where the share gives totals alone, and Invalid for another kind.
    """
    if kind not in FORMATS:
        raise Invalid({"kind": [f"Choose one of {', '.join(FORMATS)}."]})
    sharing.refuse_unless_rows(share)
    arguments = {"share": share.reference, "kind": kind}
    title = f"Prepare “{share.table.title}” as {kind}"
    return queue(actor, share.recipient, "prepare_rows", arguments, title=title)


@task("prepare_rows")
def _prepare(running: Running, share: str, kind: str) -> dict[str, Any]:
    """The job behind `prepare_rows`, done as whoever asked for it."""
    found = queries.share(running.actor, share)
    sharing.refuse_unless_rows(found)
    terms = sharing.terms_of(found)
    total = terms.version.rows
    file = write_rendering(
        terms, kind, lambda rows: running.progress(min(rows, total), total, "Written")
    )
    return {
        "version": terms.version.number,
        "rows": file.rows,
        "bytes": file.bytes,
        "sha256": file.sha256,
        "url": found.inside_url(),
    }
