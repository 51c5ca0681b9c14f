"""`act`: the one writer."""

from __future__ import annotations

from concordat.kernel.deeds.act import act, act_many, note_read, offered

__all__ = ["act", "act_many", "note_read", "offered"]
