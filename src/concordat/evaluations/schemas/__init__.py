"""Which fields of the registry the API takes and shows."""
