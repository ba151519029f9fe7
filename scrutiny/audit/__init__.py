"""What happened: every move with who, in which capacity, when, before and after, chained by digest. Never personal text."""
