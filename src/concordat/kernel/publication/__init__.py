"""Records: what services draft, decide and publish, and who may see them."""
