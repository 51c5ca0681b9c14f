"""Uploads, checked by content and kept by hash; one store for files and tables, local or S3."""
