"""What `dev.py` stands on. The standard library only: it runs before anything is installed."""
