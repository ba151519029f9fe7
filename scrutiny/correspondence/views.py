"""Pages of this room."""

from flask import Blueprint

blueprint = Blueprint("correspondence", __name__)
