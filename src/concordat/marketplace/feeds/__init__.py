"""Reading other people's catalogues, known or never seen, into one normal form. Free of Django.

`read(path)` yields `FeedDataset`s and `Line`s: what became of each row, what was repaired, what was
refused and why. Nothing is invented and nothing is dropped in silence.
"""

from concordat.marketplace.feeds.read import FeedError, read
from concordat.marketplace.feeds.record import FeedDataset, FeedDistribution, Line

__all__ = ["FeedDataset", "FeedDistribution", "FeedError", "Line", "read"]
