"""Every model of the kernel, where Django looks for them."""

from concordat.kernel.access.models import Grant
from concordat.kernel.audit.models import Entry, Follower, Leaf, Pending, Seal, Tile
from concordat.kernel.doors.models import IdempotencyKey
from concordat.kernel.files.models import Upload
from concordat.kernel.jobs.models import Job, ScheduleRun
from concordat.kernel.links.models import Link
from concordat.kernel.notices.models import Notice, Preference
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.people.models import Client, Person, Token
from concordat.kernel.webhooks.models import Webhook

__all__ = [
    "Client",
    "Entry",
    "Follower",
    "Grant",
    "IdempotencyKey",
    "Job",
    "Leaf",
    "Link",
    "Notice",
    "Organisation",
    "Parentage",
    "Pending",
    "Person",
    "Preference",
    "ScheduleRun",
    "Seal",
    "Succession",
    "Tile",
    "Token",
    "Upload",
    "Webhook",
]
