"""A method applied to a place over a period, with its lines and questions. Never what an agency answered."""
