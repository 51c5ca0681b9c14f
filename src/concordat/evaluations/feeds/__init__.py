"""Readers of other people's formats: bytes in, plain values and a report out. No Django."""
