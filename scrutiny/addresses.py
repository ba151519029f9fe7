"""Email addresses as they are read at every door: those of people, agencies and bodies, and the one letters come from."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr

from flask_babel import gettext

from scrutiny.typed_text import address_fault, clean_line, parsed
from workflows.refusals import Refused


def read_address(text: str) -> str:
    """An address as it is kept: its host in small letters, as people write it. Refused where it cannot be written to."""
    if fault := address_fault(text):
        raise Refused(gettext("“%(address)s” is not an email address we can write to. %(remedy)s", address=text, remedy=fault))
    return str(parsed(clean_line(text)).normalized)


def posted_address(address: str) -> str:
    """An address as a mail server takes it: a host with accents in its ASCII form."""
    local, _, host = address.rpartition("@")
    return address if host.isascii() else f"{local}@{parsed(address).ascii_domain}"


def why_not_sender(text: str, own_host: str) -> str:
    """What is wrong with MAIL_FROM, in words that follow its name; '' where letters can be sent from it."""
    try:
        read_sender(text, own_host)
    except Refused as refused:
        return refused.sentence
    return ""


def read_sender(text: str, own_host: str = "") -> Address:
    """Name and address of a sender, from 'name@example.org' or 'Name <name@example.org>'; Refused where it is not one.

    A host of our own may be one that nobody else could write to, such as localhost.
    """
    name, address = parseaddr(clean_line(text))
    # parseaddr takes the first of several, and reads nothing where a name is not quoted as it must be.
    whole = text.strip().removesuffix(">").endswith(address) and "@" in address
    bare_name = text.rpartition("<")[0].strip()
    quoted = bare_name.startswith('"') and bare_name.endswith('"') and len(bare_name) > 1
    if not whole or (not quoted and any(mark in bare_name for mark in ',;:@()"[]\\')):
        raise Refused(
            gettext("write it as name@example.org or Name <name@example.org>, with a name that holds a comma in double quotes")
        )
    if address.rpartition("@")[2] != own_host and (fault := address_fault(address)):
        raise Refused(fault[0].lower() + fault[1:])
    return Address(display_name=name, addr_spec=posted_address(address))
