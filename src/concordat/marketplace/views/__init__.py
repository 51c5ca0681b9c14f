"""The web door, for people who have signed in."""
