"""Dates, clocks, figures and evidence: arithmetic that knows no database."""
