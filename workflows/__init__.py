"""The law of movement and time: pure, text and values in, values out; never Flask, tables, files or anything of scrutiny/."""
