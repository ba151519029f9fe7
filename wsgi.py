"""Where gunicorn and `flask` find the application."""

from scrutiny.app import create_app

app = create_app()
