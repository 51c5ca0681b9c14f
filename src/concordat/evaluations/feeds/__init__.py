"""Formats that come from elsewhere: read and written, knowing neither Django nor the database."""
