"""The data plane's pages, for people who have signed in."""
