"""What a person is told, and how."""

from __future__ import annotations

from concordat.kernel.access import Actor
from concordat.kernel.notices.models import Preference


def preference(actor: Actor) -> Preference:
    """How e-mail comes: what was chosen, or at version 0 what holds until somebody chooses."""
    return Preference.objects.visible_to(actor).first() or Preference()
