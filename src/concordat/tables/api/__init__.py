"""The doors for clients: `protocol` speaks Delta Sharing and streams rows, `resources` is the JSON API."""
