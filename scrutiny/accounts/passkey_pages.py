"""Passkeys: what is asked of a device, and what of its answer is checked here besides what the library checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_security import WebauthnUtil
from flask_security.utils import get_message
from flask_security.webauthn import WebAuthnRegisterResponseForm, WebAuthnSigninResponseForm
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

from scrutiny.accounts.limits import CHALLENGES
from scrutiny.pages import now
from scrutiny.work.limits import may_try

#: Where the cookie keeps what its visitor's device was asked last, and for what: ["first", "the challenge"].
ASKED = "passkey_asked"
REGISTER, FIRST, SECOND, CHECK = "register", "first", "secondary", "first,secondary"


class PassKeys(WebauthnUtil):
    """Any device may keep a passkey; one that signs in with nothing else must check its owner's finger, face or PIN."""

    def origin(self) -> str:
        """Where a device must have signed: under our own name on our own port, whatever port whoever sends its answer names.

        Under any other name no device has a passkey of ours: a passkey is of one name.
        """
        public, asked = urlsplit(current_app.config["SETTINGS"].public_url), urlsplit(request.host_url)
        own = public.scheme == "https" and public.hostname == asked.hostname
        return f"{public.scheme}://{public.netloc}" if own else str(super().origin())

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """What is asked of the device when a passkey is made."""
        wanted = super().authenticator_selection(user, usage)
        wanted.authenticator_attachment = None
        if usage == "first":
            wanted.user_verification = UserVerificationRequirement.REQUIRED
        return wanted

    def user_verification(self, user: Any, usage: list[str]) -> UserVerificationRequirement:
        """What is asked of the device when a passkey is used."""
        return super().user_verification(user, usage) if "secondary" in usage else UserVerificationRequirement.REQUIRED

    def registration_options(self, user: Any, usage: str, existing_options: Any) -> Any:
        """What is asked when a passkey is made; kept, so that the answer is taken from this visitor only."""
        _ask(REGISTER, existing_options)
        return super().registration_options(user, usage, existing_options)

    def authentication_options(self, user: Any, usage: list[str], existing_options: Any) -> Any:
        """What is asked when a passkey is used; kept, as above."""
        _ask(",".join(usage), existing_options)
        return super().authentication_options(user, usage, existing_options)


def _ask(purpose: str, options: Any) -> None:
    """Keep what this visitor's device is asked, and for what."""
    session[ASKED] = [purpose, options["challenge"].decode()]


def _is_answer(purpose: str, challenge: str) -> bool:
    """Whether this answers what this visitor was asked last, for the same purpose and for the first time.

    The library's tokens say neither for whom nor for what they were made, and are good until they end: what was asked where a
    device need not look at its owner opened what only its owner's finger, face or PIN opens.
    """
    return session.pop(ASKED, None) == [purpose, challenge] and bool(
        may_try(CHALLENGES, challenge, request.remote_addr or "", at=now())
    )


def _refuse(form: Any) -> bool:
    """Say that the answer is not taken; False."""
    form.credential.errors = form.credential.errors or [get_message("WEBAUTHN_NO_VERIFY", cause="")[0]]
    return False


class Registered(WebAuthnRegisterResponseForm):
    """What a device answers that has made a passkey."""

    def validate(self, **kwargs: Any) -> bool:
        """Take the answer to what this visitor was asked, once; what the device says of itself only where it can be kept."""
        if not (_is_answer(REGISTER, self.challenge) and _holds(super().validate)):
            return _refuse(self)
        self.extensions = _kept_extensions(self.extensions)
        return True


class Signed(WebAuthnSigninResponseForm):
    """What a device answers that signs its owner in, or says again who they are."""

    def validate(self, **kwargs: Any) -> bool:
        """Take the answer to what this visitor was asked, once, and as a second step that of whoever took the first."""
        purpose = CHECK if self.is_verify else SECOND if self.is_secondary else FIRST
        if not (_is_answer(purpose, self.challenge) and _holds(super().validate)):
            return _refuse(self)
        person = self.user
        if person is None or not person.is_active:
            return _refuse(self)
        return not self.is_secondary or person.fs_uniquifier == session.get("tf_user_id") or _refuse(self)


def _holds(validate: Callable[[], bool]) -> bool:
    """Whether the library takes an answer; one that it trips over is not taken."""
    try:
        return bool(validate())
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        return False


def _kept_extensions(said: Any) -> str:
    """What a device says of itself, as the library reads it back; '' where it is nothing that can be kept or read."""
    try:
        read = json.loads(said) if isinstance(said, str) else said
    except (ValueError, RecursionError):
        return ""
    props = read.get("credProps") if isinstance(read, dict) else None
    resident = props.get("rk") if isinstance(props, dict) else None
    return json.dumps({"credProps": {"rk": resident}}) if isinstance(resident, bool) else ""
