"""Front page, place pages and what the public sees. Reads all, writes only alerts and error reports through their rooms."""
