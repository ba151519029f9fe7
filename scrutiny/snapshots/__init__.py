"""What a report says, as one value: its snapshot in each form it was ever sealed in, its words as they are signed, what changed
between two of them; said in sentences, drawn and printed. Never what makes it, releases it or may read it.
"""
