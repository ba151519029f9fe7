"""Bodies that ask, their members and roles; who an actor is. Never what they ask."""
