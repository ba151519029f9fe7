"""The application: one room for each part of the field; a room may look down the ladder of docs/decisions/0001, never up."""
