"""Whose turn it is and since when: computed from the log when read, never stored twice."""

from __future__ import annotations

from concordat.kernel.clocks.nudges import nudge_overdue
from concordat.kernel.clocks.spells import Spell, days_by_side, spells

__all__ = ["Spell", "days_by_side", "nudge_overdue", "spells"]
