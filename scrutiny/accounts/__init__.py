"""People, how they sign in, and their keys. Knows no body and no agency."""
