"""Telling people: an inbox, e-mail, a daily digest, and each person's own preference."""
