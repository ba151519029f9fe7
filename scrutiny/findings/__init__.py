"""Judgements resting on citations; accuracy checks; private notes. Never a signature or a report."""

from scrutiny.room import Room

ROOM = Room(__name__, views=("reading_views", "views", "accuracy_views"), jobs=("jobs",), starts=("citing",), waits=("waiting",))
