"""People and the ways they sign in; an account knows no body and no agency."""

import uuid
from datetime import date, datetime

from flask_security import AsaList, UserMixin, WebAuthnMixin
from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.extensions import Key, Model


class Person(UserMixin, Model):
    """A person who may sign in; what they may do comes from memberships kept in higher rooms."""

    __tablename__ = "person"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    #: kept in lower case
    name: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(String(200), default="")
    #: who a person of the demo stands for, said on its sign-in page
    language: Mapped[str] = mapped_column(String(2), default="en")
    administrator: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    invited_at: Mapped[datetime | None] = mapped_column()
    signed_in_at: Mapped[datetime | None] = mapped_column()
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: uuid.uuid4().hex)
    #: changed to end every session of this person
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]  # the mixin types it as a plain column
    password: Mapped[str | None] = mapped_column(String(255))
    #: a hash, or nothing for those who use links only
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None] = mapped_column(Integer)
    #: the half minute of the last code that was taken: no code is taken twice
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    version: Mapped[int] = mapped_column(Integer, default=1)
    webauthn: Mapped[list["PassKey"]] = relationship(  # type: ignore[assignment]  # the mixin types it as a plain attribute
        cascade="all, delete-orphan", order_by="PassKey.id"
    )

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy reads it as it stands
    roles: list[str] = []  # type: ignore[assignment]  # Flask-Security asks; roles live on memberships

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows and letters."""
        return f"person:{self.id}"


class PassKey(WebAuthnMixin, Model):
    """A passkey registered by a person, in the columns Flask-Security needs."""

    __tablename__ = "passkey"

    id: Mapped[Key]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), index=True, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(Integer, default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool] = mapped_column(Boolean)
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime] = mapped_column(DateTime)
    #: Flask-Security gives it without a zone
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class SignInLink(Model):
    """A one-time link: only its hash is stored; opening it shows a button, and only the button uses it up."""

    __tablename__ = "sign_in_link"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    next: Mapped[str] = mapped_column(String(500), default="")
    person: Mapped[Person] = relationship()


class SignInSession(Model):
    """Somebody signed in on one device. It lives while its row does; the cookie holds the secret, the row its hash."""

    __tablename__ = "sign_in_session"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[str] = mapped_column(String(40))
    #: link, password, code, recovery_code, passkey, change (of the password) or demo
    device: Mapped[str] = mapped_column(String(60), default="")
    #: Firefox on Windows; no address of a network is kept
    began_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()
    ends_at: Mapped[datetime] = mapped_column(index=True)
    person: Mapped[Person] = relationship()


class AccessKey(Model):
    """A key for the API or a feed: its hash, what kind it is, what it is about, when it ends and when it was revoked."""

    __tablename__ = "access_key"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: api or feed
    about: Mapped[str] = mapped_column(String(80), default="")
    #: the one capacity it acts in: body:3, agency:7, or nothing for a person who has none, or a feed of all they have
    shows: Mapped[str] = mapped_column(String(40), default="")
    #: what a feed with an address of its own shows: review:2, agency:7, body:3 or person:4; nothing for other keys
    name: Mapped[str] = mapped_column(String(100), default="")
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    #: the last day, in London, on which it opens anything
    used_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    person: Mapped[Person] = relationship()
