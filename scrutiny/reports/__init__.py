"""Signed off, composed, sealed, printed, released, corrected."""
