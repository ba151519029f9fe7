"""Inbox, review hub, history, outbox and audit pages, calendar feed. Reads all, writes nothing."""
