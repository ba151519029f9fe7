"""The law of movement and time. Pure: text and values in, values out; no Flask, tables, files or scrutiny/."""
