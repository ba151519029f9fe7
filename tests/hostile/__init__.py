"""Files made to harm whoever opens them, and what the service makes of each."""
