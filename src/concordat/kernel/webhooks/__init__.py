"""Webhooks: a follower of the log for each receiver, told over HTTPS what its API client may know.

One noun, `Webhook`: drafted, edited, pinged, paused, resumed, renewed, closed. Deliveries follow the
Standard Webhooks specification (https://www.standardwebhooks.com).
"""
