"""What the administrator's pages look at: runs of jobs, and backups made."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.extensions import Key, Model


class JobRun(Model):
    """One run of a job of the timetable."""

    __tablename__ = "job_run"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60), index=True)
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None] = mapped_column()
    did: Mapped[str] = mapped_column(Text, default="")
    fault: Mapped[str] = mapped_column(Text, default="")


class BackupMade(Model):
    """A backup that was made, and where the audit trail ended in it."""

    __tablename__ = "backup_made"

    id: Mapped[Key]
    file_name: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(Integer)
    files: Mapped[int] = mapped_column(Integer)
    audit_number: Mapped[int] = mapped_column(Integer)
    audit_digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(40))


class InstanceFact(Model):
    """A fact about this instance as a whole, such as that all its data are invented."""

    __tablename__ = "instance_fact"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
