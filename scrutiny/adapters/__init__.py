"""The outside world: mail, stored bytes, uploads, tables, print and virus scanners, each built with its own settings.

Here belongs whatever speaks to a server, a disk or a file format. Never here: tables of ours, the law of a room, or the
environment; an adapter is handed its address by app.py and knows no room.
"""
