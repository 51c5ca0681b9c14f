"""The pages of the registry for people who have signed in."""
