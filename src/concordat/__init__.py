"""Concordat: where public bodies come to terms."""

__version__ = "0.1.0"
