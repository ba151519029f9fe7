"""What may be tried how often on the way in, and on public forms; pure numbers."""

from __future__ import annotations

from datetime import timedelta

from scrutiny.work.limits import Limit

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
#: Of the ways into an account: so many in all that only a flood from very many networks meets it, not one from a few
#: dozen, which would shut everybody out. Whoever holds a link that was sent already can open it even then.
FLOOD = 30_000
#: A link lives as long as this counts: whoever is refused one has others in the letter-box that still work.
#: An office of many people shares one network address, so that limit is wide.
LINKS = Limit("link", QUARTER, of_network=60, in_all=FLOOD, of_victim=4)
PASSWORDS = Limit("password", QUARTER, of_network=60, in_all=FLOOD, of_victim=10)
#: Only somebody past the first step of signing in comes here, so no stranger uses up another's tries.
SECOND_STEPS = Limit("second step", QUARTER, of_network=100, in_all=FLOOD, of_victim=10)
PASSKEYS = Limit("passkey", QUARTER, of_network=100, in_all=FLOOD)
#: What a device was asked is answered once; longer than the library takes an answer.
CHALLENGES = Limit("challenge", HOUR, of_network=FLOOD, in_all=FLOOD, of_victim=1)
#: Said again by somebody signed in.
CHECKS = Limit("check", QUARTER, of_network=100, in_all=FLOOD, of_victim=10)
#: Errors reported in reports: each writes a letter to everybody who runs the review.
ERRORS = Limit("error", HOUR, of_network=10, in_all=100)
#: Lists of places sent to be answered: each is a process of its own for some seconds.
LISTS = Limit("list", HOUR, of_network=30, in_all=600)
#: Places nobody asked about before, each a row.
PLACES = Limit("place", HOUR, of_network=20, in_all=400)
