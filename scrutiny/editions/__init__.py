"""Reports and their editions once they are sealed: which are out, whether they are what was sealed, their files, their withdrawal
and the notice that stays. Never what a report is made of or when it comes out.
"""

from scrutiny.room import Room

ROOM = Room(__name__, views=("views",), jobs=("sealing",), starts=("erasing",))
