"""What the lead presses to publish."""

from __future__ import annotations

from flask_babel import lazy_gettext

from scrutiny.widgets import Form, HiddenField, SubmitField


class PublishListForm(Form):
    """The one press that publishes the list, with a mark of what was seen."""

    seen = HiddenField()
    publish = SubmitField(lazy_gettext("Publish the list"))
