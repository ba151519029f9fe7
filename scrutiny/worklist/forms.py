"""Filters of the lists; sent by GET, so that they stay in the address."""

from __future__ import annotations

from scrutiny.widgets import Form, SelectField, TextField


class ReviewFilter(Form):
    """Which reviews to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    state = SelectField("State")
    part = SelectField("Our part")
    words = TextField("Words of the title or place")


class AuditFilter(Form):
    """Whose rows of the trail to list."""

    class Meta(Form.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    record = TextField("Record", description="As it stands in the table, such as review:2, request:17 or person:4")
