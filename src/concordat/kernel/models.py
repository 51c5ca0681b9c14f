"""Every model of the kernel, where Django looks for them."""

from concordat.kernel.access.models import Grant
from concordat.kernel.audit.models import Entry, Follower, Leaf, Pending, Seal, Tile
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.people.models import Client, Person, Token

__all__ = [
    "Client",
    "Entry",
    "Follower",
    "Grant",
    "Leaf",
    "Organisation",
    "Parentage",
    "Pending",
    "Person",
    "Seal",
    "Succession",
    "Tile",
    "Token",
]
