"""Whose name a body's letters go out in: its signatory or deputy, its contact, its mailbox; and how these are entered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from scrutiny.addresses import read_address
from scrutiny.audit.service import note
from scrutiny.bodies.models import Body, Letterhead
from scrutiny.bodies.queries import bodies_by_name
from scrutiny.correspondence.service import Sender
from scrutiny.extensions import db
from scrutiny.transaction import check_version
from scrutiny.typed_text import clean, clean_line
from workflows.refusals import Refused
from workflows.roles import Actor

LINES = (
    "signatory_name",
    "signatory_office",
    "deputy_name",
    "deputy_office",
    "contact_name",
    "contact_office",
    "contact_phone",
    "contact_email",
    "mailbox",
    "privacy_url",
    "genuine_url",
)
FIELDS = (*LINES, "deputy_signs", "heading")
PHONE = re.compile(r"\+?[0-9 ()-]{6,28}[0-9](?: ?(?:ext\.?|x) ?[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a reader may ask."""

    name: str = ""
    office: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A body as its letters speak for it. Any text but `body` may be empty where it has not been entered."""

    body: str
    signatory: str
    office: str
    contact: Contact
    mailbox: str
    heading: str
    privacy_url: str
    genuine_url: str

    @property
    def sender(self) -> Sender:
        """What stands in the From line, and where replies go."""
        return Sender(self.body, self.mailbox)


def correspondent_of(body: Body, contact: Contact | None = None) -> Correspondent:
    """Who writes for a body; `contact` is that of the review a letter is about, where it has its own."""
    head = body.letterhead or Letterhead(**dict.fromkeys((*LINES, "heading"), ""), deputy_signs=False)
    deputy = head.deputy_signs and head.deputy_name
    own = Contact(head.contact_name, head.contact_office, head.contact_phone, head.contact_email)
    asked = contact if contact is not None and contact.name else own
    return Correspondent(
        body=body.name,
        signatory=head.deputy_name if deputy else head.signatory_name,
        office=head.deputy_office if deputy else head.signatory_office,
        contact=asked,
        mailbox=asked.email if asked is not own and asked.email else head.mailbox or asked.email,
        heading=head.heading,
        privacy_url=head.privacy_url,
        genuine_url=head.genuine_url,
    )


def public_contacts(on: date) -> list[tuple[Body, Contact]]:
    """Each body that exists in law on a day with the office to ask, its telephone and email address, where one is recorded.

    By office and never by name; the body's mailbox counts before the address of whoever answers it.
    """
    found = []
    for body in bodies_by_name(on=on):
        head = body.letterhead
        if head is not None and (head.mailbox or head.contact_email or head.contact_phone):
            contact = Contact("", head.contact_office, head.contact_phone, head.mailbox or head.contact_email)
            found.append((body, contact))
    return found


def missing_from(writer: Correspondent) -> list[str]:
    """What a letter of this body would lack, as a person says it: 'who signs them'; nothing where it is fit to sign."""
    wanted = {
        gettext("who signs them"): writer.signatory,
        gettext("whom to ask"): writer.contact.name,
        gettext("a telephone number"): writer.contact.phone,
        gettext("where replies go"): writer.mailbox,
        gettext("how to check that they are genuine"): writer.genuine_url,
    }
    return [words for words, value in wanted.items() if not value]


def check_contact(contact: Contact) -> Contact:
    """The contact as it is kept; Refused where the telephone number or the address is none, or either stands without a name."""
    contact = Contact(*(clean_line(text) for text in (contact.name, contact.office, contact.phone, contact.email)))
    if contact.phone and not PHONE.fullmatch(contact.phone):
        raise Refused(gettext("Enter a telephone number, like 01632 960 001"))
    if not contact.name and (contact.office or contact.phone or contact.email):
        raise Refused(gettext("Enter the name of the contact, or leave all of the contact’s details empty"))
    email = read_address(contact.email) if contact.email else ""
    return Contact(contact.name, contact.office, contact.phone, email)


def read_web_address(text: str) -> str:
    """A web address as it is kept, with https:// where no scheme was typed; '' where there is none, Refused where it is none."""
    address = clean_line(text)
    if address and "://" not in address:
        address = f"https://{address}"
    if address and not re.fullmatch(r"https?://[^\s/@]+\.[^\s/@.]+(?:[/?#]\S*)?", address):
        raise Refused(gettext("Enter a web address, like https://www.example.org"))
    return address


def enter_letterhead(body: Body, values: dict[str, str | bool], *, by: Actor, at: datetime, seen: int | None = None) -> list[str]:
    """Keep what a body's letters say of it; the names of what changed. `values` holds any of FIELDS; the rest stays.

    Stale where somebody else changed it since `seen`.
    """
    head = body.letterhead
    if head is not None:
        check_version(head, seen)
    else:
        head = Letterhead(body=body, **dict.fromkeys((*LINES, "heading"), ""), deputy_signs=False)
        db.session.add(head)
    wanted = {field: getattr(head, field) for field in FIELDS} | values
    wanted |= {field: clean_line(str(wanted[field])) for field in LINES}
    wanted["heading"] = clean(str(wanted["heading"])).strip()
    contact = check_contact(Contact(*(str(wanted[f"contact_{part}"]) for part in ("name", "office", "phone", "email"))))
    wanted |= {"contact_phone": contact.phone, "contact_email": contact.email}
    wanted["mailbox"] = read_address(str(wanted["mailbox"])) if wanted["mailbox"] else ""
    wanted |= {field: read_web_address(str(wanted[field])) for field in ("privacy_url", "genuine_url")}
    if wanted["deputy_signs"] and not wanted["deputy_name"]:
        raise Refused(gettext("Enter the deputy’s name, or let the signatory sign"))
    changed = [field for field in FIELDS if getattr(head, field) != wanted[field]]
    for field in changed:
        setattr(head, field, wanted[field])
    db.session.flush()
    if changed:
        note("letterhead_changed", about=body.reference, by=by, at=at, changed=changed)
    return changed
