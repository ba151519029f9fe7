"""Dated areas: boundaries, what they share, who lives in them, postcodes and places.

Here belong the reading and checking of boundary files, overlaps, best fit, lookups by point or postcode, and outlines
for drawing; it is the only room that knows Shapely. Never here: who answers for an area (agencies), or anything of a
review.
"""
