"""The law of place, pure: shapes and their repair, overlaps, points, light outlines, postcodes, dividing amounts. No tables."""
