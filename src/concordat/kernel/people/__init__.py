"""People with a home organisation, API clients, and the tokens both may hold."""
