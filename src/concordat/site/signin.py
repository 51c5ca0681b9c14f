"""Signing in: by OpenID Connect, by passkey, or by e-mail and password with a second factor.

django-allauth does the work; these are its settings. `adapters` says who gets in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concordat.site.environment import Environment

APPS = [
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
]

_FORMS = "concordat.site.signin_forms"
_ACCOUNT_FORMS = {
    "login": "SignIn",
    "change_password": "ChangePassword",
    "set_password": "SetPassword",
    "reset_password": "ForgottenPassword",
    "reset_password_from_key": "NewPassword",
    "user_token": "Link",
    "reauthenticate": "PasswordAgain",
}
_FACTOR_FORMS = {
    "authenticate": "Code",
    "reauthenticate": "CodeAgain",
    "activate_totp": "FirstCode",
    "add_webauthn": "AddKey",
    "edit_webauthn": "NameKey",
}


def allauth_settings(env: Environment) -> dict[str, Any]:
    """Everything allauth reads."""
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "ACCOUNT_ADAPTER": "concordat.site.adapters.AccountAdapter",
        "SOCIALACCOUNT_ADAPTER": "concordat.site.adapters.IssuerAdapter",
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": "email",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_LOGIN_ON_PASSWORD_RESET": True,  # a second factor is asked for all the same
        "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
        "ACCOUNT_FORMS": {name: f"{_FORMS}.{form}" for name, form in _ACCOUNT_FORMS.items()},
        "PASSWORD_RESET_TIMEOUT": 3 * 24 * 3600,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": 15 * 60,
        "ACCOUNT_RATE_LIMITS": {
            "login": "30/m/ip",
            "login_failed": "20/5m/ip,5/5m/key",
            "reset_password": "20/m/ip,5/m/key",
            "reauthenticate": "10/m/user",
        },
        **_factor_settings(env),
        "LOGIN_URL": "/sign-in",
        "LOGIN_REDIRECT_URL": "/inside",
        "SOCIALACCOUNT_LOGIN_ON_GET": False,
        "SOCIALACCOUNT_AUTO_SIGNUP": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_PROVIDERS": {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _apps(env)}
        },
    }


def _factor_settings(env: Environment) -> dict[str, Any]:
    """The second step."""
    return {
        "MFA_ADAPTER": "concordat.site.adapters.FactorAdapter",
        "MFA_FORMS": {name: f"{_FORMS}.{form}" for name, form in _FACTOR_FORMS.items()},
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": "Concordat",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": env.debug or not env.https,
    }


def _apps(env: Environment) -> list[dict[str, Any]]:
    if not env.oidc_issuer:
        return []
    return [
        {
            "provider_id": "issuer",
            "name": env.oidc_name,
            "client_id": env.oidc_client_id,
            "secret": env.oidc_client_secret.get_secret_value(),
            "settings": {"server_url": env.oidc_issuer},
        }
    ]
