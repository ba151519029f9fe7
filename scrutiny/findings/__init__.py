"""Judgements resting on citations; accuracy checks; private notes. Never a signature or a report."""
