"""Dated areas, what they share with each other, the people in them, postcodes, and places."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Float, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.areas.load_record import Before
from scrutiny.extensions import Json, Kept, Key, Model


class AreaLoad(Model):
    """One loading of one layer of boundaries, postcodes or people: what came in, what was repaired, skipped or ended."""

    __tablename__ = "area_load"
    __table_args__ = (Index("ix_area_load_kind_from_on", "kind", "from_on"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    #: a kind of area, or 'people', or 'postcodes'
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    whole_layer: Mapped[bool] = mapped_column(Boolean, default=False)
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(500), default="")
    loaded: Mapped[int] = mapped_column(Integer, default=0)
    ended: Mapped[list[str]] = mapped_column(Json, default=list)
    repaired: Mapped[list[Any]] = mapped_column(Json, default=list)
    skipped: Mapped[list[Any]] = mapped_column(Json, default=list)
    warnings: Mapped[list[str]] = mapped_column(Json, default=list)
    coverage: Mapped[bool | None] = mapped_column(Boolean)
    #: whether the layer was proven to have no overlaps
    loaded_at: Mapped[datetime] = mapped_column()
    loaded_by: Mapped[str] = mapped_column(String(40))
    before: Mapped[Before] = mapped_column(Kept(Before), default=Before, server_default="{}")
    #: what undoing it needs: until when the rows it ended had held
    undone_at: Mapped[datetime | None] = mapped_column()
    undone_by: Mapped[str] = mapped_column(String(40), default="", server_default="")


class Area(Model):
    """A dated boundary with a code: it holds on both `from_on` and `to_on`; no two of one kind and code overlap in time."""

    __tablename__ = "area"
    __table_args__ = (
        UniqueConstraint("kind", "code", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
        Index("ix_area_box", "kind", "min_x", "max_x", "min_y", "max_y"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(300), index=True)
    name_cy: Mapped[str] = mapped_column(String(300), default="")
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    load_id: Mapped[int] = mapped_column(ForeignKey("area_load.id"), index=True)
    shape: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: WKB in PLACE_CRS
    min_x: Mapped[float] = mapped_column(Float)
    min_y: Mapped[float] = mapped_column(Float)
    max_x: Mapped[float] = mapped_column(Float)
    max_y: Mapped[float] = mapped_column(Float)
    point_x: Mapped[float] = mapped_column(Float)
    point_y: Mapped[float] = mapped_column(Float)
    #: a point inside it: where its people are counted, where its label goes
    square_metres: Mapped[float] = mapped_column(Float)
    people: Mapped[int | None] = mapped_column(Integer)
    #: usual residents; for small areas as loaded, for others summed by best fit
    people_from: Mapped[str] = mapped_column(String(200), default="")
    #: which count, of which day, on which small areas
    load: Mapped[AreaLoad] = relationship()


class AreaOverlap(Model):
    """What two areas of different kinds share, in land and in people, as shares of each; stored both ways round."""

    __tablename__ = "area_overlap"
    __table_args__ = (Index("ix_area_overlap_other_id", "other_id"),)

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("area.id", ondelete="CASCADE"), primary_key=True)
    square_metres: Mapped[float] = mapped_column(Float)
    people: Mapped[int | None] = mapped_column(Integer)
    share_of_area: Mapped[float] = mapped_column(Float)
    share_of_people: Mapped[float | None] = mapped_column(Float)
    share_of_other_area: Mapped[float] = mapped_column(Float)
    share_of_other_people: Mapped[float | None] = mapped_column(Float)


class SmallAreaPeople(Model):
    """People counted in one small area on one day, whether or not its boundary is loaded yet."""

    __tablename__ = "small_area_people"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    as_at: Mapped[date] = mapped_column(primary_key=True)
    people: Mapped[int] = mapped_column(Integer)
    load_id: Mapped[int] = mapped_column(ForeignKey("area_load.id"))


class Postcode(Model):
    """A postcode as one point; it holds on both `from_on` and `to_on` where these are known."""

    __tablename__ = "postcode"

    postcode: Mapped[str] = mapped_column(String(8), primary_key=True)
    #: spaced: CA11 0AB
    x: Mapped[float | None] = mapped_column(Float)
    y: Mapped[float | None] = mapped_column(Float)
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    district_code: Mapped[str] = mapped_column(String(9), default="")
    #: as the file gave it, of the file's own vintage
    load_id: Mapped[int] = mapped_column(ForeignKey("area_load.id"))


class Place(Model):
    """What a review covers: one or more areas; the same areas are the same place."""

    __tablename__ = "place"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    #: digest of its areas
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    #: for addresses: the code of a single area, or the codes joined
    name: Mapped[str] = mapped_column(String(300))
    name_cy: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime] = mapped_column()
    areas: Mapped[list[Area]] = relationship(secondary="place_area", order_by="Area.code, Area.id")

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows, letters and alerts."""
        return f"place:{self.id}"


class PlaceArea(Model):
    """That an area belongs to a place."""

    __tablename__ = "place_area"

    place_id: Mapped[int] = mapped_column(ForeignKey("place.id", ondelete="CASCADE"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True, index=True)


class AreaNote(Model):
    """A remark kept about a layer or an area, shown beside it: a gap, an overlap between neighbours, a recode."""

    __tablename__ = "area_note"

    id: Mapped[Key]
    load_id: Mapped[int] = mapped_column(ForeignKey("area_load.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40), default="", index=True)
    text: Mapped[str] = mapped_column(Text)


class AreaLineage(Model):
    """What became of a code: from `on` (None where the file gives no day) this share of it belongs to the new code."""

    __tablename__ = "area_lineage"
    __table_args__ = (
        UniqueConstraint("old_code", "new_code", "on"),
        CheckConstraint("type IN ('recode', 'merge', 'split', 'boundary')", name="known_type"),
    )

    id: Mapped[Key]
    old_code: Mapped[str] = mapped_column(String(40), index=True)
    new_code: Mapped[str] = mapped_column(String(40), index=True)
    old_name: Mapped[str] = mapped_column(String(300), default="")
    new_name: Mapped[str] = mapped_column(String(300), default="")
    on: Mapped[date | None] = mapped_column()
    #: the first day of the new code
    type: Mapped[str] = mapped_column(String(10))
    share_of_people: Mapped[float | None] = mapped_column(Float)
    share_of_area: Mapped[float | None] = mapped_column(Float)
    #: of the old area, 0..1; None until given or worked out
    source: Mapped[str] = mapped_column(String(500), default="")
    load_id: Mapped[int] = mapped_column(ForeignKey("area_load.id"), index=True)
