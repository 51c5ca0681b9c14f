"""The Django project: settings, URL tables and wiring. The only place that names two services."""
