"""Files of config/ read and checked once at start; editions kept as rows. Never decides anything itself."""
