"""The forms of pilots."""
