"""The world as plain data, made from a seed number. Free of Django."""
