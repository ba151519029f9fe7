"""Where the server and `flask` find the application."""

import gc

from dotenv import load_dotenv

from config.settings import PROJECT_ROOT
from scrutiny import cannot_go_on
from scrutiny.app import create_app

load_dotenv(PROJECT_ROOT / ".env")  # what set-up wrote, such as the secret key; the environment itself comes first

cannot_go_on.say_it()

app = create_app()

# What was made at the start stays for good. Looked through for rubbish again and again, it would stop every thread for a third
# of a second at a time, also one in the middle of its transaction.
gc.freeze()
