"""Licences by the keys that sources and settings keep (SPDX): what each is called, and where it stands."""

from __future__ import annotations

from typing import Final

#: https://spdx.org/licenses
_KNOWN: Final = {
    "OGL-UK-3.0": ("Open Government Licence v3.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"),
    "OGL-UK-2.0": ("Open Government Licence v2.0", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/"),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def licence_title(key: str) -> str:
    """What a licence is called; as it was written where it is not known here."""
    return _KNOWN[key][0] if key in _KNOWN else key


def licence_address(key: str) -> str:
    """Where the text of a licence stands; '' where that is not known here."""
    return _KNOWN[key][1] if key in _KNOWN else ""
