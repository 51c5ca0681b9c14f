"""The registry's public door: reads only, as the public, whoever is looking."""
