"""Reading other people's catalogues, known or never seen, into one normal form. Free of Django.

`read(path)` yields `FeedDataset`s, `FeedService`s and `Line`s: what became of each row, what was
repaired, what was refused and why. Nothing is invented and nothing is dropped in silence.
"""

from concordat.marketplace.feeds.found import FeedError
from concordat.marketplace.feeds.read import read, read_all
from concordat.marketplace.feeds.record import FeedDataset, FeedDistribution, FeedService, Line

__all__ = [
    "FeedDataset",
    "FeedDistribution",
    "FeedError",
    "FeedService",
    "Line",
    "read",
    "read_all",
]
