"""The `concordat` command for people: the API's verbs, over HTTP. Imports no Django.

Operators' commands (serve, backup, …) run on the machine itself; everything else here is one request
to a site, made from the site's own description of its API, so the console can do what the API can.
"""
