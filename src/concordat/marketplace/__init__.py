"""The Data Marketplace.

Nouns: Dataset, DataService, Distribution, ShareRequest, Agreement. A supplier drafts and publishes;
an acquirer requests; the supplier reviews, returns, accepts or rejects; both sign; the agreement is
the policy that the data plane enforces, until it ends or is revoked; the register shows it to all.
"""
