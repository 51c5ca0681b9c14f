"""What follows what: the followers of the log, the schedules, and reactions across services."""

from __future__ import annotations

from concordat.evaluations.actions import send_reminders
from concordat.evaluations.actions.dois import register_dois
from concordat.evaluations.actions.openfile import make_open_file
from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.follow import Handle
from concordat.kernel.audit.sealing import seal
from concordat.kernel.clocks import nudge_overdue
from concordat.kernel.doors.idempotency import forget
from concordat.kernel.files.actions import discard_old_uploads
from concordat.kernel.jobs.schedules import Schedule
from concordat.kernel.notices import post, tell
from concordat.marketplace.actions import expire_agreements
from concordat.site.invitations import invitation
from concordat.tables.actions import run_due_sources, sweep_versions
from concordat.tables.store import tidy

FOLLOWERS: dict[str, Handle] = {
    tell.FOLLOWER: tell.handle,
}

LETTERS: dict[str, post.Letter] = dict.fromkeys(tell.INVITATIONS, invitation)


SCHEDULES: tuple[Schedule, ...] = (
    Schedule("post e-mail", 5, lambda: post.post(letters=LETTERS)),
    Schedule("post digests", 24 * 3600, post.post_digests),
    Schedule("forget idempotency keys", 3600, forget),
    # A day on which nothing was added gets no seal: the one before covers the whole log still.
    Schedule("seal", 24 * 3600, seal),
    Schedule("nudge", 600, nudge_overdue),
    Schedule("discard old uploads", 3600, lambda: discard_old_uploads(SYSTEM)),
    Schedule("tidy the work folder", 3600, tidy),
    Schedule("let old versions go", 3600, lambda: sweep_versions(SYSTEM)),
    Schedule("run the sources that are due", 60, lambda: run_due_sources(SYSTEM)),
    Schedule("open file of evaluations", 3600, lambda: make_open_file(SYSTEM)),
    Schedule("register DOIs", 60, lambda: register_dois(SYSTEM)),
    Schedule("remind of results", 3600, lambda: send_reminders(SYSTEM)),
    Schedule("expire agreements", 600, lambda: expire_agreements(SYSTEM)),
)
