"""Flask-Security's settings: what is offered, where its pages stand, and its sentences in plain words; pure."""

from __future__ import annotations

import base64
from datetime import timedelta

from flask_babel import lazy_gettext

from scrutiny.adapters.keyed_hash import keyed_hash
from scrutiny.typed_text import clean_line

#: A session ends this long after it began, whatever is done in it, and when nothing was done in it for so long.
SESSION_HOURS, IDLE_HOURS = 12, 3
#: How somebody signs in is changed within this time of signing in, or they are asked who they are again.
FRESH = timedelta(minutes=30)
MESSAGES = {
    "GENERIC_AUTHN_FAILED": lazy_gettext("That address and password do not go together. Try again, or sign in by a link"),
    "EMAIL_NOT_PROVIDED": lazy_gettext("Enter your email address"),
    "INVALID_EMAIL_ADDRESS": lazy_gettext("Enter an email address, like name@example.org"),
    "PASSWORD_NOT_PROVIDED": lazy_gettext("Enter your password"),
    "INVALID_PASSWORD": lazy_gettext("That is not your password. Try again"),
    "PASSWORD_MISMATCH": lazy_gettext("The two new passwords are not the same. Type the new password twice"),
    "RETYPE_PASSWORD_MISMATCH": lazy_gettext("The two new passwords are not the same. Type the new password twice"),
    "PASSWORD_INVALID_LENGTH": lazy_gettext("Use a password of %(length)s characters or more: three or four words do well"),
    "PASSWORD_IS_THE_SAME": lazy_gettext("The new password is the old one. Choose another"),
    "TWO_FACTOR_INVALID_TOKEN": lazy_gettext("That is not the code your app shows now. Wait for the next one and try again"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": lazy_gettext("Choose one of the answers listed"),
    "TWO_FACTOR_PERMISSION_DENIED": lazy_gettext("Sign in first"),
    "TWO_FACTOR_SETUP_EXPIRED": lazy_gettext("That took longer than %(within)s. Start again"),
    "INVALID_CODE": lazy_gettext("That code does not work. Try again"),
    "INVALID_RECOVERY_CODE": lazy_gettext("That recovery code is not known or has been used. Try another"),
    "NO_RECOVERY_CODES_SETUP": lazy_gettext("You have no recovery codes yet"),
    "ANONYMOUS_USER_REQUIRED": lazy_gettext("You have signed in already"),
    "WEBAUTHN_NAME_REQUIRED": lazy_gettext("Give the passkey a name, such as “Office laptop”"),
    "WEBAUTHN_NAME_INUSE": lazy_gettext("You have a passkey called %(name)s already. Choose another name"),
    "WEBAUTHN_NAME_NOT_FOUND": lazy_gettext("You have no passkey called %(name)s"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": lazy_gettext("Use only letters, numbers, spaces and hyphens"),
    "WEBAUTHN_EXPIRED": lazy_gettext("That took longer than %(within)s. Start again"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": lazy_gettext("That passkey is not known here. Sign in another way"),
    "WEBAUTHN_NO_VERIFY": lazy_gettext("That passkey could not be checked. Try again, or sign in another way"),
    "DISABLED_ACCOUNT": lazy_gettext("That address and password do not go together. Try again, or sign in by a link"),
}
DONE = {
    "PASSWORD_CHANGE": lazy_gettext("Your password has been saved"),
    "REAUTHENTICATION_SUCCESSFUL": lazy_gettext("Thank you. You can go on"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": lazy_gettext("You have signed in"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": lazy_gettext("A code from your app is now asked for each time you sign in"),
    "TWO_FACTOR_DISABLED": lazy_gettext("A code is no longer asked for when you sign in"),
    "WEBAUTHN_CREDENTIAL_DELETED": lazy_gettext("The passkey %(name)s has been removed"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": lazy_gettext("The passkey %(name)s has been added"),
}


def settings_from(secret: str) -> dict[str, object]:
    """Every setting under its own name; each key is made from SECRET_KEY for one purpose."""

    def derived(purpose: str) -> str:
        return keyed_hash(secret, purpose).hex()

    settings: dict[str, object] = {
        "PASSWORD_SALT": derived("password-salt"),
        "PASSWORD_LENGTH_MIN": 12,
        "RETURN_GENERIC_RESPONSES": True,
        "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": _address, "case_insensitive": True}}],
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "JOIN_USER_ROLES": False,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": derived("totp")},
        "TOTP_ISSUER": "Area Scrutiny",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(keyed_hash(secret, "recovery-codes"))],
        "WEBAUTHN": True,
        "WAN_RP_NAME": "Area Scrutiny",
        "WAN_ALLOW_USER_HINTS": False,
        "SCRIPT_NONCE_KEY": "nonce",
        "LOGOUT_METHODS": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),  # the library would lengthen it with each page opened
        "FRESHNESS_ALLOW_AUTH_TOKEN": False,
        "API_ENABLED_METHODS": ["session"],
        "TWO_FACTOR_ALWAYS_VALIDATE": True,  # no cookie stands in for the second step
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,
        "LOGIN_URL": "/sign-in/password",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "TWO_FACTOR_SELECT_URL": "/sign-in/second-step",
        "TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
        "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
        "WAN_SIGNIN_URL": "/sign-in/passkey",
        "VERIFY_URL": "/account/check",
        "WAN_VERIFY_URL": "/account/check-passkey",
        "CHANGE_URL": "/account/password",
        "TWO_FACTOR_SETUP_URL": "/account/two-step",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "WAN_REGISTER_URL": "/account/passkeys",
        "WAN_DELETE_URL": "/account/passkeys-remove",
        "POST_LOGIN_VIEW": "/",
        "POST_CHANGE_VIEW": "/account",
        "POST_VERIFY_VIEW": "/account",
        "UNAUTHORIZED_VIEW": "/sign-in",
        "TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "WAN_POST_REGISTER_VIEW": "/account",
    }
    settings |= {f"MSG_{name}": (sentence, "error") for name, sentence in MESSAGES.items()}
    settings |= {f"MSG_{name}": (sentence, "success") for name, sentence in DONE.items()}
    return {f"SECURITY_{name}": value for name, value in settings.items()} | {
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=SESSION_HOURS)
    }


def _address(typed: str) -> str | None:
    """The email address as it is kept, or None where what was typed cannot be one."""
    return clean_line(typed).lower() if "@" in typed else None
