"""Values that several schemas take, with their limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from concordat.kernel.access import SCOPES
from concordat.kernel.doors.schemas import MOST_ID

Slug = Annotated[str, Field(max_length=255, pattern=r"^[-a-zA-Z0-9_]+$")]
Reference = Annotated[str, Field(pattern=r"^[A-Z]{2,4}-[0-9A-Z]{4}-[0-9A-Z]{2}$", max_length=12)]
Number = Annotated[int, Field(ge=1, le=MOST_ID)]
Scopes: Any = Annotated[
    list[Literal[tuple(SCOPES)]],  # type: ignore[misc]
    Field(min_length=1, max_length=len(SCOPES)),
]
Days = Annotated[int, Field(ge=1, le=365, description="For how many days it works")]
Lines = Annotated[list[Annotated[str, Field(min_length=1, max_length=255)]], Field(max_length=100)]
Words = Annotated[str, Field(max_length=300)]
Status = Annotated[str, Field(max_length=32)]
