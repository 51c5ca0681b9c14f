"""The sign-in library's forms in the words and dress of this site."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from concordat.kernel.doors.forms import Plain

_LONG_ENOUGH = "Use 8 characters or more. Three words that do not belong together are good."
_ENTER_ADDRESS = "Enter your e-mail address"
_SIX = "The 6 digits that your authenticator app shows, or one of your recovery codes."


class Worded:
    """Labels and hints in place of the library's, and what to do about a question left empty.

    `says` is name → (label, hint), `asks` name → message.
    """

    says: ClassVar[dict[str, tuple[str, str]]] = {}
    asks: ClassVar[dict[str, str]] = {
        "login": _ENTER_ADDRESS,
        "email": _ENTER_ADDRESS,
        "password": "Enter your password",
        "oldpassword": "Enter the password you have now",
        "password1": "Enter a new password",
        "password2": "Enter the new password again",
        "code": "Enter the code",
        "name": "Enter a name",
    }
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint) in self.says.items():
            if name in self.fields:
                self.fields[name].label, self.fields[name].help_text = label, hint
        for name, found in self.fields.items():
            if name in self.asks:
                found.error_messages["required"] = self.asks[name]
            if name == "code":
                attrs = {"inputmode": "numeric", "class": "govuk-input--width-10"}
                found.widget.attrs.update(attrs)


class Twice:
    """A password typed twice."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Say it our way when the two differ: the one error that comes as plain words."""
        if field == "password2" and not isinstance(error, ValidationError):
            error = "Enter the same password in both boxes"
        super().add_error(field, error)  # type: ignore[misc]


class SignIn(Plain, Worded, account.LoginForm):
    """E-mail address and password."""

    says: ClassVar = {"login": ("E-mail address", ""), "password": ("Password", "")}
    errors_point_at = "login"

    @property
    def issuer(self) -> dict[str, str] | None:
        """The other way in, where an issuer is set: its name and address."""
        if not settings.ENV.oidc_issuer:
            return None
        href = reverse("openid_connect_login", kwargs={"provider_id": "issuer"})
        return {"name": settings.ENV.oidc_name, "href": href}


class ForgottenPassword(Plain, Worded, account.ResetPasswordForm):
    """Where to send a link to set a new password."""

    says: ClassVar = {"email": ("E-mail address", "The one your organisation invited you with.")}


class NewPassword(Plain, Worded, Twice, account.ResetPasswordKeyForm):
    """A password, typed twice, by whoever holds the link that went to their address."""

    says: ClassVar = {
        "password1": ("New password", _LONG_ENOUGH),
        "password2": ("New password again", ""),
    }

    def save(self) -> None:
        """Set it. Who had the link reads that mailbox: the address is theirs, and counts as such."""
        super().save()
        account.get_adapter().address_is_theirs(self.user)


class Link(account.UserTokenForm):
    """The link itself: no good for a closed account, and says no more of it than of any other."""

    def _get_user(self, uidb36: str) -> Any:
        found = super()._get_user(uidb36)
        return found if found is not None and found.is_active else None


class ChangePassword(Plain, Worded, Twice, account.ChangePasswordForm):
    """The password there is, and the new one."""

    says: ClassVar = {
        "oldpassword": ("Password you have now", ""),
        "password1": ("New password", _LONG_ENOUGH),
        "password2": ("New password again", ""),
    }


class SetPassword(Plain, Worded, Twice, account.SetPasswordForm):
    """A first password, for whoever came in another way."""

    says: ClassVar = {
        "password1": ("New password", _LONG_ENOUGH),
        "password2": ("New password again", ""),
    }


class PasswordAgain(Plain, Worded, account.ReauthenticateForm):
    """The password once more, before something that matters."""

    says: ClassVar = {"password": ("Password", "")}


class Code(Plain, Worded, factor.AuthenticateForm):
    """The second factor as one signs in."""

    says: ClassVar = {"code": ("Code", _SIX)}


class CodeAgain(Plain, Worded, factor.ReauthenticateForm):
    """The second factor once more, before something that matters."""

    says: ClassVar = {"code": ("Code", _SIX)}


class FirstCode(Plain, Worded, ActivateTOTPForm):
    """The first code of a new authenticator app."""

    says: ClassVar = {"code": ("Code", "The 6 digits that the app shows now.")}


class AddKey(Plain, Worded, AddWebAuthnForm):
    """A security key or passkey, and what to call it."""

    says: ClassVar = {
        "name": ("Name", "So that you can tell it from others, such as “Blue key”."),
        "passwordless": (
            "Let me sign in with this alone",
            "It then asks for your finger, face or PIN each time, in place of your password.",
        ),
    }


class NameKey(Plain, Worded, EditWebAuthnForm):
    """What to call a security key or passkey."""

    says: ClassVar = {"name": ("Name", "So that you can tell it from others.")}
