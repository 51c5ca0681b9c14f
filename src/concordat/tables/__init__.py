"""The data plane: stored tables and their versions, and shares of them under a policy.

It knows nothing of requests or agreements: a `Share` carries the policy it enforces and the name
and hash of whatever it rests on. `plane/` is the engine room, free of Django.
"""
