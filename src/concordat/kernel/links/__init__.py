"""Typed links between records of any service."""
