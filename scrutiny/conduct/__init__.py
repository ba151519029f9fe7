"""Deeds on a whole review across rooms: withdraw it, move its dates, take up a newer method. Previewed first, then done."""
