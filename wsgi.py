"""Where the server and `flask` find the application."""

from dotenv import load_dotenv

from config.settings import PROJECT_ROOT
from scrutiny.app import create_app

load_dotenv(PROJECT_ROOT / ".env")  # what set-up wrote, such as the secret key; the environment itself comes first

app = create_app()
