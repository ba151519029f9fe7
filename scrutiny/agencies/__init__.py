"""Bodies that answer: where, for what, who of them may act. Never what they were asked."""
