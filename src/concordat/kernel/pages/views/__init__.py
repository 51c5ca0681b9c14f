"""The kernel's pages for people who have signed in."""
