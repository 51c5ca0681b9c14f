"""The kernel plays one drama for every service: draft, decide, agree, deliver, publish, prove.

Each room (sub-package) may import only rooms below it; the kernel never mentions a service.
"""
