"""What every door shares: pages, forms, tables, charts, journeys, errors, the shape of the API.

The site names itself and its menus in `settings.DOORS`, a mapping: `name`, `phase` (a word, or ""),
`navigation`, `menu`, `footer` (each a list of (label, path) pairs), `sign_in` and `sign_out` paths.
Nothing here knows a service.
"""
