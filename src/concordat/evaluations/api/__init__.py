"""The registry's JSON door: the same verbs by the same actions."""
