"""What should be done, by whom, by when; responses, progress and closure."""
