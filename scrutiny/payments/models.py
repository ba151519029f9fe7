"""How the files of one publisher are read: saved under a name, and used for the next."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.extensions import Json, Key, Model


class SpendProfile(Model):
    """The columns, header, dates and amounts of one kind of file of a publisher."""

    __tablename__ = "spend_profile"
    __table_args__ = (
        CheckConstraint("date_order IN ('', 'dmy', 'mdy')", name="known_date_order"),
        CheckConstraint("decimal_mark IN ('', '.', ',')", name="known_decimal_mark"),
        CheckConstraint("scale IN (1, 1000, 1000000)", name="known_scale"),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the publisher
    header: Mapped[str] = mapped_column(String(64))
    #: the digest of the titles it was saved from, as they are compared: what has the same is proposed to be read so
    columns: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: the column of each role, by its title or its number from 1
    header_row: Mapped[int | None] = mapped_column(Integer)
    #: 0 where there is no header; none where it is looked for
    date_order: Mapped[str] = mapped_column(String(3), default="")
    decimal_mark: Mapped[str] = mapped_column(String(1), default="")
    scale: Mapped[int] = mapped_column(Integer, default=1)
    saved_by: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    agency: Mapped[Agency] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows: 'spend_profile:3'."""
        return f"spend_profile:{self.id}"
