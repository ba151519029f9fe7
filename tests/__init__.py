"""The tests; a package only so that `tests.` means ours and not one a library left behind."""
