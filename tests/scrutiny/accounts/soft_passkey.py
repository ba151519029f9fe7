"""A device that keeps a passkey, as a program: it signs whatever it is asked to, true or not, as an attacker's would."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.test import TestResponse

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """A passkey with what it says of itself: where it is, how often it has signed, whose it is and whether it saw its owner."""

    origin: str = "http://localhost"
    host: str = "localhost"
    count: int = 0
    handle: bytes = b""
    verifies: bool = True
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _data(self, more: bytes = b"", flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        named = bytes_to_base64url(self.credential)
        said = {name: bytes_to_base64url(value) for name, value in response.items()}
        return {"id": named, "rawId": named, "type": "public-key", "response": said}

    def made(self, challenge: str) -> dict[str, Any]:
        """What it answers when a passkey is made."""
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        more = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(more, ATTESTED)})
        client_data = self._client_data("webauthn.create", challenge)
        return self._answer(clientDataJSON=client_data, attestationObject=attested)

    def signed(self, challenge: str) -> dict[str, Any]:
        """What it answers when it is used."""
        data, client_data = self._data(), self._client_data("webauthn.get", challenge)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        found = self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)
        if self.handle:
            found["response"]["userHandle"] = bytes_to_base64url(self.handle)
        return found


@dataclass
class Asked:
    """What a page asks a device: the address that takes the answer, and the challenge."""

    address: str
    challenge: str
    handle: bytes


def asked(page: TestResponse) -> Asked:
    """What a page asks, read from it as a browser's script does."""
    text = html.unescape(page.text).replace('\\"', '"')
    address = re.search(r'action="([^"]*/(?:passkey|passkeys|check-passkey)/[^"]+)"', text)
    challenge = re.search(r'"challenge": "([^"]+)"', text)
    assert address, page.status
    assert challenge, page.status
    handle = re.search(r'"user": \{[^}]*"id": "([^"]+)"', text)
    return Asked(address[1], challenge[1], base64url_to_bytes(handle[1]) if handle else b"")


def ask_to_register(client: FlaskClient, name: str, usage: str = "first") -> Asked:
    """Begin to make a passkey."""
    return asked(client.post("/account/passkeys", data={"name": name, "usage": usage}))


def ask_to_sign_in(client: FlaskClient) -> Asked:
    """Begin to sign in by one."""
    return asked(client.post("/sign-in/passkey", data={}))


def send(client: FlaskClient, to: str, answer: dict[str, Any], **more: Any) -> TestResponse:
    """Send what a device answers."""
    return client.post(to, data={"credential": json.dumps(answer)}, **more)


def register(client: FlaskClient, name: str, usage: str = "first") -> SoftPasskey:
    """A passkey of whoever is signed in here, made as a browser makes it."""
    wanted = ask_to_register(client, name, usage)
    device = SoftPasskey(handle=wanted.handle)
    assert send(client, wanted.address, device.made(wanted.challenge)).location == "/account"
    return device
