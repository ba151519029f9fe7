"""One change of councils across rooms: previewed, staged, undone until its day, carried out; no deed of one room alone."""
