"""The marketplace's arithmetic and checks; imports nothing of Django."""
