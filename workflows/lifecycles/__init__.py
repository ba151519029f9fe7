"""Lifecycles: one table each, saying which move may follow which state, by which role, and what it is called."""
