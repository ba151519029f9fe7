"""Files that people send, read in a child process: whether they are safe, their pages, sheets and words. Knows no room."""
