"""The ways Concordat says no. Every door turns a refusal into its own shape, none invents one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar


class Refusal(Exception):
    """A request that was understood and not carried out; nothing was changed.

    `detail` says what is wrong and where, `mend` says what to do next. Both are shown to people,
    so neither may hold a value the reader could not already see.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "That could not be done"
    default_detail: ClassVar[str] = "The request was refused."
    default_mend: ClassVar[str] = "Check what you asked for and try again."

    def __init__(self, detail: str = "", mend: str = "") -> None:
        self.detail = detail or self.default_detail
        self.mend = mend or self.default_mend
        super().__init__(f"{self.detail} {self.mend}")


class NotSignedIn(Refusal):
    """401: the deed needs to know who is asking."""

    status = 401
    code = "sign-in-needed"
    title = "Sign in to do that"
    default_detail = "This needs somebody who has signed in."
    default_mend = "Sign in, or send a valid token, and try again."


class NotVisible(Refusal):
    """404: it does not exist, or the actor may not know that it does. The two look the same."""

    status = 404
    code = "not-found"
    title = "Not found"
    default_detail = "There is nothing here that you can see."
    default_mend = "Check the address or the reference."


class NotAllowed(Refusal):
    """403: the actor may see the subject but may not do this to it."""

    status = 403
    code = "not-allowed"
    title = "You cannot do that"
    default_detail = "Your roles do not let you do this."
    default_mend = "Ask an administrator of your organisation which role you need."


class Conflict(Refusal):
    """409: right person, wrong moment."""

    status = 409
    code = "conflict"
    title = "That is out of date"


class WrongState(Conflict):
    """409: the subject's status does not allow this verb."""

    code = "wrong-state"
    title = "It is too late, or too early, for that"
    default_mend = "Look at the record as it is now."


class StaleVersion(Conflict):
    """409: somebody changed the subject after the actor read it."""

    code = "stale-version"
    title = "Somebody changed this while you were working"
    default_detail = "The record has changed since you opened it. Your change was not saved."
    default_mend = "Open it again, look at what changed, and make your change once more."


class Invalid(Refusal):
    """422: a value is wrong. `errors` maps each field to its messages; "" holds the rest."""

    status = 422
    code = "invalid"
    title = "There is a problem"
    default_detail = "Some of what you entered is not valid."
    default_mend = "Correct the fields named and send it again."

    def __init__(self, errors: Mapping[str, Sequence[str]], detail: str = "") -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(detail)


class Unknown(Invalid):
    """404: a value names something that is not there, or that the actor may not know of."""

    status = 404
    code = "unknown"
    title = "There is no such thing"
    default_detail = "Something that you named is not there."


class TooLarge(Refusal):
    """413: more than the limit, known before it is read."""

    status = 413
    code = "too-large"
    title = "Too large"


class TooMany(Refusal):
    """429: more than the limit for one client."""

    status = 429
    code = "too-many"
    title = "Too many requests"
    default_detail = "You have sent more requests than one client may."
    default_mend = "Wait a little and try again."
