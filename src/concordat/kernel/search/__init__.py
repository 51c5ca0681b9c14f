"""One index for every kind of record, filtered by who is asking."""
