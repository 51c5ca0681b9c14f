"""Public bodies and outside organisations: a tree with dates, successors, aliases, identifiers."""
