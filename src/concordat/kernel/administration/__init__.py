"""People, roles, API clients and tokens: the verbs and pages by which a body runs its own side."""
