"""Foreign files, read into neutral rows: what stands in them, and what is wrong where."""
