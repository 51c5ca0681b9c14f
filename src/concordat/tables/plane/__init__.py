"""The engine room of the data plane: policies, loading, reading. Free of Django."""
